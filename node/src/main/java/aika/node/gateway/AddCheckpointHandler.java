package aika.node.gateway;

/** The cosigner behind {@code POST /add-checkpoint} (C2SP tlog-witness). */
@FunctionalInterface
public interface AddCheckpointHandler {
  Reply addCheckpoint(byte[] body);

  record Reply(int status, String contentType, byte[] body) {}
}
