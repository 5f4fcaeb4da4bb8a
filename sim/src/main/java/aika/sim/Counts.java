package aika.sim;

/** What a run counts on its way. */
final class Counts {
  long leaves;
  long sent;
  long received;
  long rejected;
  long cancelled;
  long expired;
  long ended;
  long refused;
  long repeated;
  long approvals;
  long messages;
  long lost;
  long duplicated;
  long crashes;
}
