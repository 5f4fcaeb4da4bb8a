package aika.sinks.immudb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aika.sinks.RealServer;
import aika.sinks.RealServers;
import aika.sinks.Secret;
import aika.sinks.SinkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ImmudbClientIT {
  @TempDir Path folder;

  private ImmudbSettings settings(RealServer server) {
    return new ImmudbSettings(
        "immudb",
        List.of(),
        "127.0.0.1",
        server.port(),
        "aika",
        "immudb",
        new Secret("immudb"),
        Optional.empty(),
        Optional.empty(),
        folder.resolve("state"),
        false);
  }

  private static List<Item> items(int from, int count) {
    List<Item> items = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      items.add(Item.of("aika/test/" + i, "value " + i + "x".repeat(400)));
    }
    return items;
  }

  @Test
  void writesAndReads() {
    try (RealServer server = RealServers.immudb();
        ImmudbClient client = new ImmudbClient(settings(server), true)) {
      client.open();
      System.out.println("fresh " + client.state());
      assertEquals(Optional.empty(), client.get("nothing"));
      for (int i = 0; i < 40; i++) {
        List<Item> items = items(i * 3, 1 + i % 3);
        ImmudbClient.Written written = client.write(items);
        assertEquals(items, client.read(written.transaction()).items());
        assertEquals(items.getFirst(), client.get(items.getFirst().key()).orElseThrow().item());
      }
      for (long tx = 1; tx <= client.state().transaction(); tx++) {
        client.read(tx);
      }
      for (int run = 0; run < 8; run++) {
        long write = 0;
        long read = 0;
        long get = 0;
        for (int i = 0; i < 40; i++) {
          List<Item> items = items(1_000_000 + run * 100_000 + i * 500, 500);
          long t0 = System.nanoTime();
          ImmudbClient.Written w = client.write(items);
          long t1 = System.nanoTime();
          assertEquals(items, client.read(w.transaction()).items());
          long t2 = System.nanoTime();
          client.get(items.getLast().key());
          long t3 = System.nanoTime();
          write += t1 - t0;
          read += t2 - t1;
          get += t3 - t2;
        }
        System.out.println(
            "write "
                + write / 40_000_000.0
                + " read "
                + read / 40_000_000.0
                + " get "
                + get / 40_000_000.0);
      }
      SinkException e = assertThrows(SinkException.class, () -> client.write(items(0, 1025)));
      System.out.println(e.kind() + " " + e.getMessage());
      server.kill();
      e = assertThrows(SinkException.class, () -> client.write(items(0, 1)));
      System.out.println(e.kind() + " " + e.getMessage());
      assertTrue(true);
    }
  }

  @Test
  void failures() {
    try (RealServer server = RealServers.immudb()) {
      ImmudbSettings s = settings(server);
      ImmudbSettings wrong =
          new ImmudbSettings(
              "immudb",
              List.of(),
              "127.0.0.1",
              server.port(),
              "aika",
              "immudb",
              new Secret("nope"),
              Optional.empty(),
              Optional.empty(),
              folder.resolve("state"),
              false);
      for (ImmudbSettings one : List.of(s, wrong)) {
        try (ImmudbClient client = new ImmudbClient(one, true)) {
          client.open();
          client.write(items(0, 2));
          server.stop();
          server.start();
          System.out.println("after restart " + client.write(items(0, 2)));
          client.drop();
          try {
            client.open();
          } catch (SinkException x) {
            System.out.println(x);
            server.stop();
            server.start();
            client.open();
          }
          System.out.println("recreated " + client.state());
        } catch (SinkException e) {
          System.out.println(e.kind() + " " + e.getMessage());
        }
      }
    }
  }
}
