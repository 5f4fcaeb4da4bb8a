/**
 * A municipality's register: which person's name stands for which account, what people are called,
 * and the texts of memos. Off the log, so that all of it can be erased. {@code
 * docs/spec/register.md}.
 */
@NullMarked
package aika.node.register;

import org.jspecify.annotations.NullMarked;
