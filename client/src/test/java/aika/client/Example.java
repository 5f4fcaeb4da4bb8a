package aika.client;

import aika.core.approval.Receipt;
import aika.core.money.AccountId;
import aika.core.money.Money;
import aika.core.money.TransferId;
import java.net.URI;

/** The example of docs/guides/sdk.md; {@code cli} runs it against a real node. */
public final class Example {
  private Example() {}

  /** Pays, and returns when the sender's representatives have approved it: with their proof. */
  public static Receipt pay(URI gateway, FederationKeys keys, Wallet wallet, AccountId to) {
    try (AikaClient client = AikaClient.at(gateway)) {
      TransferId transfer =
          switch (client.submit(wallet.send(to, Money.of("12.34")))) {
            case Result.Accepted accepted -> accepted.transfer().id();
            case Result.Refused(Problem problem) -> throw new IllegalStateException(problem.en());
            case Result.Unknown unknown ->
                throw new IllegalStateException("keep " + unknown.order());
          };
      VerifiedLog log = client.log(transfer.origin(), keys);
      FeedQuery approved = FeedQuery.of(transfer.origin()).from(transfer.index()).approvedOnly();
      try (Feed feed = client.feed(approved)) {
        for (FeedEvent event : feed) {
          if (event instanceof FeedEvent.Leaf leaf && log.verify(leaf)) {
            return keys.receipt(client.receipt(transfer, AikaClient.Half.SEND));
          }
        }
      }
      throw new IllegalStateException("the feed was closed");
    }
  }
}
