package aika.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandomSpi;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds the arrows of the design: what a module may see, the order of the packages within it, and
 * what keeps the core pure. It stands here because {@code cli} sees every module.
 */
final class ArchitectureTest {
  /** Each package imports only what stands before it. */
  private static final List<String> CORE =
      List.of("note", "log", "money", "ledger", "transfer", "approval", "audit", "follow");

  private static final List<String> NODE =
      List.of(
          "config",
          "tls",
          "store",
          "order",
          "approve",
          "mirror",
          "cosign",
          "gossip",
          "follow",
          "register",
          "wallet",
          "neighbour",
          "backup",
          "sink",
          "gateway",
          "web",
          "operate");

  private static JavaClasses aika;

  @BeforeAll
  static void importClasses() {
    aika =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("aika");
  }

  @Test
  void theRulesSeeTheClasses() {
    assertFalse(in("aika.core.money").isEmpty(), "no class of core.money was found");
    assertFalse(in("aika.cli").isEmpty(), "no class of cli was found");
  }

  @TestFactory
  Stream<DynamicTest> modulesSeeOnlyWhatTheTableAllows() {
    return Stream.of(
        rule(
            classes()
                .that()
                .resideInAPackage("aika.core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("aika.core..", "java..", "javax.crypto..", "org.jspecify..")
                .as("core depends on the JDK and JSpecify only")),
        rule(
            classes()
                .that()
                .resideInAPackage("aika.sim..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("aika.core..", "aika.sim..", "java..", "org.jspecify..")
                .as("sim depends on core only")),
        rule(
            noClasses()
                .that()
                .resideInAPackage("aika.proto..")
                .should()
                .dependOnClassesThat(resideInAPackage("aika..").and(outside("aika.proto..")))
                .as("proto is generated code only")),
        rule(
            noClasses()
                .that()
                .resideInAPackage("aika.sinks..")
                .should()
                .dependOnClassesThat(
                    resideInAPackage("aika..")
                        .and(outside("aika.core..", "aika.proto..", "aika.sinks..")))
                .as("sinks see core and proto")),
        rule(
            noClasses()
                .that()
                .resideInAPackage("aika.client..")
                .should()
                .dependOnClassesThat(
                    resideInAPackage("aika..")
                        .and(outside("aika.core..", "aika.proto..", "aika.client..")))
                .as("client sees core and proto")),
        rule(
            noClasses()
                .that()
                .resideInAPackage("aika.node..")
                .should()
                .dependOnClassesThat(
                    resideInAPackage("aika..")
                        .and(outside("aika.core..", "aika.proto..", "aika.sinks..", "aika.node..")))
                .as("node sees core, proto and sinks")),
        rule(
            noClasses()
                .that()
                .resideInAPackage("aika.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("aika.cli..")
                .as("bench does not know cli")));
  }

  @TestFactory
  Stream<DynamicTest> packagesImportOnlyWhatStandsBeforeThem() {
    return Stream.concat(order("aika.core", CORE), order("aika.node", NODE));
  }

  @Test
  void coreHasNoOtherPackages() {
    assertEquals(Set.of(), new TreeSet<>(unlisted("aika.core", CORE)));
  }

  /** The root, {@code aika.node}, holds the class that wires a node and nothing that it wires. */
  @Test
  void nodeHasNoOtherPackages() {
    Set<String> unlisted = unlisted("aika.node", NODE);
    unlisted.remove("aika.node");
    assertEquals(Set.of(), new TreeSet<>(unlisted));
  }

  @Test
  void nothingBelowKnowsTheWiring() {
    noClasses()
        .that()
        .resideInAnyPackage(
            NODE.stream().map(name -> "aika.node." + name + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("aika.node")
        .as("no package of node knows the class that wires them")
        .allowEmptyShould(true)
        .check(aika);
  }

  @TestFactory
  Stream<DynamicTest> coreIsPure() {
    return Stream.of(
        coreWithout(
            "files, sockets and streams other than those on byte arrays",
            resideInAPackage("java.nio.file..")
                .or(resideInAPackage("java.nio.channels.."))
                .or(resideInAPackage("java.net.."))
                .or(
                    resideInAPackage("java.io..")
                        .and(
                            DescribedPredicate.not(
                                equivalentTo(ByteArrayInputStream.class)
                                    .or(equivalentTo(ByteArrayOutputStream.class)))))),
        coreWithout("a clock", equivalentTo(Clock.class).or(equivalentTo(InstantSource.class))),
        coreWithout(
            "threads and timers",
            equivalentTo(Thread.class)
                .or(equivalentTo(ThreadLocal.class))
                .or(equivalentTo(Timer.class))
                .or(assignableTo(Executor.class))
                .or(assignableTo(Future.class))),
        coreWithout(
            "logging", resideInAPackage("org.slf4j..").or(resideInAPackage("java.util.logging.."))),
        coreWithoutCalls(
            "the time of day",
            access -> access.getName().equals("now") && owner(access).startsWith("java.time.")),
        coreWithoutCalls(
            "the system, except to copy arrays",
            access ->
                owner(access).equals(System.class.getName())
                    && !access.getName().equals("arraycopy")),
        coreWithoutCalls("randomness of its own", ArchitectureTest::startsRandomness));
  }

  /** Signatures are verified on many threads at once, everything else has one writer. */
  @Test
  void onlyNotesMayBeSharedBetweenThreads() {
    noClasses()
        .that()
        .resideInAPackage("aika.core..")
        .and()
        .resideOutsideOfPackage("aika.core.note")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent..")
        .check(aika);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass each : aika) {
      if (!isGenerated(each) && !each.getPackage().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(each.getPackageName());
      }
    }
    assertEquals(Set.of(), unmarked, "packages without @NullMarked in package-info.java");
  }

  /** What JMH writes around the micro benchmarks, and the schemas' classes. */
  private static boolean isGenerated(JavaClass each) {
    String name = each.getPackageName();
    return name.endsWith(".jmh_generated") || name.startsWith("aika.proto.");
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveNameMatching(".*(Util|Utils|Helper|Helpers)")
        .check(aika);
  }

  private static Stream<DynamicTest> order(String root, List<String> names) {
    return IntStream.range(0, names.size() - 1)
        .mapToObj(i ->
            rule(
                noClasses()
                    .that()
                    .resideInAPackage(root + "." + names.get(i) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                        names.subList(i + 1, names.size()).stream()
                            .map(later -> root + "." + later + "..")
                            .toArray(String[]::new))
                    .as(root + "." + names.get(i) + " imports only what stands before it")));
  }

  private static DynamicTest coreWithout(String what, DescribedPredicate<JavaClass> forbidden) {
    return rule(
        noClasses()
            .that()
            .resideInAPackage("aika.core..")
            .should()
            .dependOnClassesThat(forbidden)
            .as("core works without " + what));
  }

  private static DynamicTest coreWithoutCalls(String what, Predicate<JavaAccess<?>> forbidden) {
    return rule(
        noClasses()
            .that()
            .resideInAPackage("aika.core..")
            .should()
            .accessTargetWhere(DescribedPredicate.describe("it is " + what, forbidden))
            .as("core works without " + what));
  }

  private static DynamicTest rule(ArchRule rule) {
    ArchRule empty = rule.allowEmptyShould(true);
    return DynamicTest.dynamicTest(rule.getDescription(), () -> empty.check(aika));
  }

  /**
   * Whether this makes a source of randomness. Using one that was given is fine, and so is one made
   * of given bytes, which is how a key is derived from its seed.
   */
  private static boolean startsRandomness(JavaAccess<?> access) {
    String name = access.getName();
    JavaClass type = access.getTargetOwner();
    if (type.isAssignableTo(RandomGenerator.class) && type.getPackageName().startsWith("java.")) {
      boolean ofGivenBytes =
          access.getTarget() instanceof AccessTarget.CodeUnitCallTarget call
              && call.getRawParameterTypes().stream()
                  .anyMatch(parameter -> parameter.isEquivalentTo(SecureRandomSpi.class));
      return (name.equals("<init>") && !ofGivenBytes)
          || Set.of("getInstance", "getInstanceStrong", "getDefault", "of", "current")
              .contains(name);
    }
    return (type.isEquivalentTo(Math.class) && name.equals("random"))
        || (type.isEquivalentTo(UUID.class) && name.equals("randomUUID"));
  }

  private static String owner(JavaAccess<?> access) {
    return access.getTargetOwner().getName();
  }

  private static DescribedPredicate<JavaClass> outside(String... packages) {
    return DescribedPredicate.not(resideInAnyPackage(packages));
  }

  private static List<JavaClass> in(String name) {
    return aika.stream().filter(each -> each.getPackageName().equals(name)).toList();
  }

  private static Set<String> unlisted(String root, List<String> names) {
    Set<String> unlisted = new TreeSet<>();
    for (JavaClass each : aika) {
      String name = each.getPackageName();
      boolean inRoot = name.equals(root) || name.startsWith(root + ".");
      if (inRoot
          && names.stream()
              .map(listed -> root + "." + listed)
              .noneMatch(listed -> name.equals(listed) || name.startsWith(listed + "."))) {
        unlisted.add(name);
      }
    }
    return unlisted;
  }
}
