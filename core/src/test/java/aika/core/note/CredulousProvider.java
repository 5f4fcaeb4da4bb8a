package aika.core.note;

import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureSpi;

/** Takes every signature for valid. */
final class CredulousProvider extends Provider {
  private static final long serialVersionUID = 1L;

  CredulousProvider() {
    super("Credulous", "1", "takes every signature for valid");
    putService(
        new Service(this, "Signature", "Ed25519", Credulous.class.getName(), null, null) {
          @Override
          public Object newInstance(Object parameter) {
            return new Credulous();
          }
        });
  }

  private static final class Credulous extends SignatureSpi {
    @Override
    protected void engineInitVerify(PublicKey key) {}

    @Override
    protected void engineInitSign(PrivateKey key) {
      throw new UnsupportedOperationException("signs nothing");
    }

    @Override
    protected void engineUpdate(byte b) {}

    @Override
    protected void engineUpdate(byte[] bytes, int from, int length) {}

    @Override
    protected byte[] engineSign() {
      throw new UnsupportedOperationException("signs nothing");
    }

    @Override
    protected boolean engineVerify(byte[] signature) {
      return true;
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
      throw new UnsupportedOperationException("has no parameters");
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException("has no parameters");
    }
  }
}
