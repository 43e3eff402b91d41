// Owns: the type of a message as a handler may return it: every field optional, deeply. Does not own: what an absent
// field becomes (proto/codec.ts fills in the defaults).

import type { Messages } from "../../proto/types.gen.ts";

type Input<Value> = Value extends Uint8Array | bigint | number | string | boolean | undefined
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Input<Item>[]
    : { readonly [Key in keyof Value]?: Input<Value[Key]> | undefined };

/** A message with any of its fields left out. */
export type MessageInput<Name extends keyof Messages> = Input<Messages[Name]>;
