package aika.cli.faults;

import aika.node.config.DurableFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Does a fault to a laboratory and ends it. */
final class Injection {
  private static final int KILLS = 3;
  private static final int HARMED_FILES = 3;

  /** What {@code aika audit} says when it finds nothing out. */
  private static final String NOT_READ = "A log cannot be read";

  private static final long CLOCK_SECONDS = 7_200;
  private static final int SLOW_SYNC_MILLIS = 300;

  /** Room to start: each of a node's stores takes some ahead, before the disk is filled. */
  private static final int DISK_FREE_MIB = 128;

  private static final int BROKEN_MILLIS_MAX = 200;
  private static final int WELL_MILLIS_MAX = 1_000;
  private static final int BLOCK_BYTES = 64 * 1024;

  private final Laboratory lab;
  private final Random random;
  private final Duration held;

  /**
   * @param held how long a fault lasts that has no end of its own
   */
  Injection(Laboratory lab, Random random, Duration held) {
    this.lab = lab;
    this.random = random;
    this.held = held;
  }

  /**
   * @return what was done to whom
   */
  String inject(Fault fault) throws InterruptedException, IOException {
    return switch (fault) {
      case KILL -> kill();
      case FREEZE -> freeze();
      case CUT -> cut();
      case SPLIT -> split();
      case FLAKY -> flaky();
      case FAR -> far();
      case CLOCK -> clock();
      case FULL_DISK -> fullDisk();
      case SLOW_DISK -> slowDisk();
      case CORRUPT -> corrupt();
      case LOST -> lose();
      case LEADER -> leader(peers());
      case FOLLOWER -> follower(peers());
      case ALONE -> alone(peers());
      case UPGRADE -> upgrade(peers());
    };
  }

  private Machine any() {
    return any(lab.machines());
  }

  private Machine town() {
    return any(lab.towns());
  }

  private Machine any(List<Machine> some) {
    return some.get(random.nextInt(some.size()));
  }

  private Peers peers() {
    return lab.peers().orElseThrow();
  }

  private String kill() throws InterruptedException {
    StringBuilder who = new StringBuilder();
    for (int i = 0; i < KILLS; i++) {
      Machine victim = i == 0 ? town() : any();
      victim.kill();
      victim.start();
      who.append(who.isEmpty() ? "" : ", ").append(victim.name());
    }
    return who.toString();
  }

  private String leader(Peers peers) throws InterruptedException {
    Machine victim = peers.awaitLeader(peers.machines());
    long lost = System.nanoTime();
    victim.kill();
    String where = follows(peers, victim, lost);
    Thread.sleep(held);
    victim.start();
    return where;
  }

  private String follower(Peers peers) throws InterruptedException {
    Machine victim = any(peers.without(peers.awaitLeader(peers.machines())));
    victim.kill();
    Thread.sleep(held);
    victim.start();
    return victim.name();
  }

  /** At least until another one leads. */
  private String alone(Peers peers) throws InterruptedException {
    Machine victim = peers.awaitLeader(peers.machines());
    long lost = System.nanoTime();
    each(List.of(victim), lab.network()::cut);
    try {
      String where = follows(peers, victim, lost);
      Thread.sleep(held);
      return where;
    } finally {
      each(List.of(victim), lab.network()::join);
    }
  }

  /** As the runbook has it: those that stand by first, each once the one before follows again. */
  private static String upgrade(Peers peers) throws InterruptedException {
    Machine leader = peers.awaitLeader(peers.machines());
    List<Machine> order = new ArrayList<>(peers.without(leader));
    order.add(leader);
    long begin = System.nanoTime();
    for (Machine machine : order) {
      machine.stop();
      machine.start();
      peers.awaitFollows(machine);
    }
    Duration all = Duration.ofNanos(System.nanoTime() - begin);
    String names = String.join(", ", order.stream().map(Machine::name).toList());
    return "%s (%.1f s)".formatted(names, all.toMillis() / 1_000.0);
  }

  /** Waits until another one leads. */
  private static String follows(Peers peers, Machine victim, long lostNanos)
      throws InterruptedException {
    Machine next = peers.awaitLeader(peers.without(victim));
    Duration after = Duration.ofNanos(System.nanoTime() - lostNanos);
    return "%s → %s (%.1f s)".formatted(victim.name(), next.name(), after.toMillis() / 1_000.0);
  }

  private String freeze() throws InterruptedException {
    Machine victim = town();
    victim.freeze();
    try {
      Thread.sleep(held);
    } finally {
      victim.thaw();
    }
    return victim.name();
  }

  private String cut() throws InterruptedException {
    Machine victim = town();
    apart(List.of(victim));
    return victim.name();
  }

  private String split() throws InterruptedException {
    apart(lab.continent("Europe"));
    return "Europe";
  }

  /** These from all others, for a while. */
  private void apart(List<Machine> some) throws InterruptedException {
    each(some, lab.network()::cut);
    try {
      Thread.sleep(held);
    } finally {
      each(some, lab.network()::join);
    }
  }

  private interface Link {
    void change(int one, int other);
  }

  private void each(List<Machine> some, Link link) {
    for (Machine one : some) {
      for (Machine other : lab.machines()) {
        if (!some.contains(other)) {
          link.change(one.number(), other.number());
        }
      }
    }
  }

  private String flaky() throws InterruptedException {
    long end = System.nanoTime() + held.toNanos();
    int times = 0;
    while (System.nanoTime() < end) {
      Machine one = any();
      Machine other = any();
      if (one != other) {
        lab.network().cut(one.number(), other.number());
        try {
          Thread.sleep(random.nextInt(BROKEN_MILLIS_MAX));
        } finally {
          lab.network().join(one.number(), other.number());
        }
        times++;
        Thread.sleep(random.nextInt(WELL_MILLIS_MAX));
      }
    }
    return times + " times / 回";
  }

  private String far() throws InterruptedException {
    Machine victim = town();
    try (Network.Detour _ = lab.network().detour(victim.number(), lab.compiled())) {
      Thread.sleep(held);
    }
    return victim.name();
  }

  private String clock() throws InterruptedException {
    Machine victim = town();
    victim.kill();
    victim.giveClock();
    victim.start();
    victim.setClock(CLOCK_SECONDS);
    try {
      Thread.sleep(held);
      lab.checkClock(victim, CLOCK_SECONDS);
    } finally {
      victim.setClock(0);
    }
    return victim.name();
  }

  private String slowDisk() throws InterruptedException {
    Machine victim = town();
    victim.kill();
    victim.giveSlowDisk(Compiled.SLOW_SYNC.in(lab.compiled()));
    victim.start();
    victim.setSync(SLOW_SYNC_MILLIS);
    try {
      Thread.sleep(held);
    } finally {
      victim.setSync(0);
    }
    return victim.name();
  }

  /** The node's data are moved to a small file system, which is filled and emptied again. */
  private String fullDisk() throws InterruptedException, IOException {
    Machine victim = town();
    Path own = victim.own();
    Path aside = own.resolveSibling(own.getFileName() + ".aside");
    victim.kill();
    Files.move(own, aside);
    Files.createDirectory(own);
    long size = size(aside) + DISK_FREE_MIB * 1024L * 1024;
    Network.run(List.of("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", own.toString()));
    try {
      Network.run(List.of("cp", "-a", aside + "/.", own.toString()));
      victim.start();
      Path filler = own.resolve("filler");
      fill(filler);
      Thread.sleep(held);
      Files.delete(filler);
      victim.kill(); // whether it runs or not: an operator starts it again
      Network.run(List.of("rm", "-r", aside.toString()));
      Network.run(List.of("cp", "-a", own.toString(), aside.toString()));
    } finally {
      victim.kill();
      Network.run(List.of("umount", own.toString()));
    }
    Files.delete(own);
    Files.move(aside, own);
    victim.start();
    return victim.name();
  }

  private static void fill(Path filler) {
    byte[] block = new byte[BLOCK_BYTES];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // as it was meant to end
    }
  }

  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private String corrupt() throws InterruptedException, IOException {
    Machine victim = town();
    victim.kill();
    List<Path> files;
    try (Stream<Path> all = Files.walk(victim.own().resolve("shard"))) {
      files =
          all.filter(file -> Files.isRegularFile(file) && file.toFile().length() > 0)
              .sorted()
              .toList();
    }
    for (int i = 0; i < HARMED_FILES; i++) {
      harm(files.get(random.nextInt(files.size())));
    }
    victim.begin();
    boolean noticed = notices(victim);
    if (noticed) {
      victim.kill();
      bringBack(victim);
    }
    return victim.name()
        + (noticed ? ": noticed, restored / 気づいて復元" : ": not noticed, harmless / 影響なし");
  }

  /**
   * Whether the node itself does: it ends while it starts, does not come to the others, or does not
   * answer with its log.
   *
   * @throws LabException when what it shows is wrong
   */
  private boolean notices(Machine victim) throws InterruptedException {
    try {
      victim.awaitReady();
      if (lab.peers().isPresent()) {
        peers().awaitOne();
      }
    } catch (LabException refused) {
      if (victim.runs() && lab.peers().isEmpty()) {
        throw refused; // too slow
      }
      return true;
    }
    try {
      lab.audit();
      return false;
    } catch (LabException found) {
      if (String.valueOf(found.getMessage()).contains(NOT_READ)) {
        return true;
      }
      throw found;
    }
  }

  private void harm(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long at = random.nextLong(bytes.length());
      bytes.seek(at);
      int was = bytes.read();
      bytes.seek(at);
      bytes.write(was ^ (1 + random.nextInt(255)));
    }
  }

  private String lose() throws InterruptedException, IOException {
    Machine victim = town();
    victim.kill();
    Network.run(List.of("rm", "-r", victim.own().toString()));
    bringBack(victim);
    return victim.name();
  }

  /** From the neighbours' copies, or from the other peers. */
  private void bringBack(Machine victim) throws InterruptedException, IOException {
    if (lab.alone().contains(victim)) {
      restore(victim);
    } else {
      peers().replace(victim);
    }
  }

  private void restore(Machine victim) throws InterruptedException, IOException {
    List<String> restore =
        new ArrayList<>(List.of("restore", victim.node(), "--data", lab.data().toString()));
    restore.add(
        "--accept-loss"); // its own approvals may be damaged; all of them were copied before
    if (lab.peers().isPresent()) { // the victim knew their addresses by gossip only
      restore.addAll(List.of("--url", peers().gateway().toString(), "--accept-missing"));
    }
    lab.aika(restore.toArray(String[]::new));
    victim.start();
    String before = victim.own().getFileName() + ".before-"; // kept, and in the way of the next one
    try (Stream<Path> beside = Files.list(victim.own().getParent())) {
      for (Path one : beside.toList()) {
        if (one.getFileName().toString().startsWith(before)) {
          DurableFile.deleteTree(one);
        }
      }
    }
  }
}
