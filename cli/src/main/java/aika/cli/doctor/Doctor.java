package aika.cli.doctor;

import aika.core.money.ChainId;
import aika.node.config.FederationException;
import aika.node.config.PeersFile;
import aika.node.tls.NodeTls;
import aika.node.tls.TlsException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at a node and its machine, in an order in which the first fault explains the others. */
public final class Doctor {
  private static final Path PROC = Path.of("/proc");

  private final Consumer<Finding> told;
  private final Consumer<Said> progress;
  private final Machine machine =
      Machine.of(
          System.getProperty("os.name"),
          Optional.ofNullable(System.getenv("PATH")).orElse(""),
          FirewallCheck.PROGRAMS);

  /**
   * @param told hears of each finding as soon as it is there
   * @param progress hears of what takes a while
   */
  public Doctor(Consumer<Finding> told, Consumer<Said> progress) {
    this.told = told;
    this.progress = progress;
  }

  /** What can be looked at without a federation: the machine and the directory. */
  public void machine(Path directory) {
    run(new JdkCheck(Runtime.version()));
    run(new LimitsCheck(PROC));
    run(new DirectoryCheck(directory));
    if (directory.toFile().isDirectory()) {
      run(new DiskCheck(directory, Disk::real));
    }
  }

  /** The file that says who the federation is cannot be used; nothing else can be looked at. */
  public void unusable(Said fault) {
    told.accept(
        new Finding(
            "federation",
            new Said("Federation file", "連合のファイル"),
            new Result.Wrong(
                fault,
                Advice.of("Correct that first, then run this again.", "先にそれを直して、もう一度実行してください。"))));
  }

  /** The node, its neighbours and its stores. */
  public void examine(Patient patient) throws InterruptedException {
    Map<ChainId, URI> own = patient.own();
    Map<ChainId, URI> others = patient.neighbours();
    progress.accept(
        new Said(
            "asking %d gateways, at most %d s …"
                .formatted(own.size() + others.size(), Round.SECONDS_MAX),
            "%d の窓口に問い合わせています（最長 %d 秒）…".formatted(own.size() + others.size(), Round.SECONDS_MAX)));
    Map<ChainId, Voice> heard;
    try (NodeTls tls = certificate(patient);
        HttpWeb web = new HttpWeb(tls)) {
      Map<ChainId, URI> all = new LinkedHashMap<>(own);
      all.putAll(others);
      heard = new Round(web, System::currentTimeMillis).ask(all);
    }
    checks(patient, heard).forEach(this::run);
  }

  /** What is wrong with it a check says. */
  private static @Nullable NodeTls certificate(Patient patient) {
    try {
      return NodeTls.open(patient.tls(), System::currentTimeMillis).orElse(null);
    } catch (TlsException unusable) {
      return null;
    }
  }

  /** What is wrong with a file {@link PeersCheck} says. */
  private static Optional<PeersFile> peers(Patient patient, Path home) {
    try {
      return PeersFile.read(home, patient.federation(), Files.isDirectory(patient.tls()));
    } catch (FederationException faults) {
      return Optional.empty();
    }
  }

  private List<Check> checks(Patient patient, Map<ChainId, Voice> heard) {
    Map<ChainId, Voice> neighbours = new LinkedHashMap<>(heard);
    neighbours.keySet().retainAll(patient.neighbours().keySet());
    List<PeersFile> peers =
        patient.homes().stream().flatMap(home -> peers(patient, home).stream()).toList();
    return List.of(
        new FederationCheck(patient.file(), heard),
        new KeysCheck(patient.keys(), patient.chains(), patient.homes()),
        new CertificatesCheck(
            patient.tls(), patient.gateways().values(), System::currentTimeMillis),
        new HostCheck(patient.host(), patient.gateways().values(), Ports::real),
        new PortsCheck(
            patient.chains(), patient.host(), Ports::real, heard, patient.begun(), machine),
        new FirewallCheck(patient.chains(), peers, Files.isDirectory(patient.tls()), machine),
        new PeersCheck(patient, Reach::real),
        new NeighboursCheck(neighbours),
        new ClockCheck(neighbours, machine),
        new StoresCheck(patient.homes(), patient.federation(), System::getenv, Reach::real));
  }

  private void run(Check check) {
    for (Result result : check.results()) {
      told.accept(new Finding(check.name(), check.title(), result));
    }
  }
}
