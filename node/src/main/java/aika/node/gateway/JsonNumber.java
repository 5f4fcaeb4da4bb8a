package aika.node.gateway;

import java.math.BigDecimal;

/** A JSON number as it was written; nothing is rounded. */
final class JsonNumber extends Number {
  private static final long serialVersionUID = 1L;

  private final String literal;

  JsonNumber(String literal) {
    this.literal = literal;
  }

  @Override
  public int intValue() {
    return exact().intValue();
  }

  @Override
  public long longValue() {
    return exact().longValue();
  }

  @Override
  public float floatValue() {
    return exact().floatValue();
  }

  @Override
  public double doubleValue() {
    return exact().doubleValue();
  }

  private BigDecimal exact() {
    return new BigDecimal(literal);
  }

  /** The literal. */
  @Override
  public String toString() {
    return literal;
  }
}
