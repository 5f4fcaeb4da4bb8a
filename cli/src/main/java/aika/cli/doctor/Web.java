package aika.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** How a gateway is asked. */
interface Web {
  /**
   * @param date of the answer's {@code Date} header
   */
  record Reply(int status, byte[] body, Optional<Instant> date) {}

  /**
   * @throws IOException when nobody answers in time
   */
  Reply get(URI address) throws IOException, InterruptedException;
}
