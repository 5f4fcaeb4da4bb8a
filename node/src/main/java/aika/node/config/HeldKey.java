package aika.node.config;

import aika.core.note.Signer;
import aika.core.note.VerifierKey;

/** A key whose private half this node holds: its name for others, and what signs. */
public record HeldKey(VerifierKey key, Signer signer) {}
