package aika.cli.doctor;

import java.util.List;

/** One thing to look at. */
interface Check {
  /** Stable, for programs: {@code disk}. */
  String name();

  Said title();

  /** One or more results; looks when it is called. */
  List<Result> results();
}
