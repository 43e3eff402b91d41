// Owns: how a module runs other modules' messages: those of a proposal that passed, those that one account runs for another. Messages are read as
// those of a transaction are, and the nesting is bounded. Does not own: who may have them run (the module that asks), nor branches and gas (the context).
//
// Modules are built before there is a router of them all, so it is bound afterwards (modules/app.ts).

import { DecodeError, decode, nameOfTypeUrl } from "../../proto/codec.ts";
import type { MessageName, Messages } from "../../proto/types.gen.ts";
import type { AddressCodec } from "../types/address.ts";
import type { Write } from "./context.ts";
import { sdkErrors } from "./errors.ts";
import type { Event } from "./events.ts";
import { MAX_DISPATCH_DEPTH } from "./limits.ts";
import type { Router } from "./router.ts";
import { hasSigners, signersOf } from "./signers.ts";

/** A message inside another, unpacked. */
export interface InnerMessage {
  readonly typeUrl: string;
  readonly name: MessageName;
  readonly value: unknown;
}

/** What running one message came to. */
export interface DispatchResult {
  /** The encoded response. */
  readonly response: Uint8Array;
  readonly responseTypeUrl: string;
  /** The handler's events, not emitted yet: whoever asked emits them, or drops them. */
  readonly events: readonly Event[];
}

/** Runs messages inside messages. */
export class MessageDispatch {
  #router: Router | undefined;
  #depth = 0;

  /** Once, when all modules are built. */
  bind(router: Router): void {
    if (this.#router !== undefined) throw new Error("the dispatch is bound twice");
    this.#router = router;
  }

  /** Whether a module handles this message. */
  handles(typeUrl: string): boolean {
    return this.#bound().message(typeUrl) !== undefined;
  }

  /** Unpacks a message. Throws sdk/34 for a type that is not known, one that nobody signs, or damaged bytes. */
  unpack(any: Messages["google.protobuf.Any"]): InnerMessage {
    const name = nameOfTypeUrl(any.typeUrl);
    if (name === undefined)
      throw sdkErrors.unpackAny.because(`no concrete type registered for type URL ${any.typeUrl}`);
    if (!hasSigners(name)) throw sdkErrors.unpackAny.because(`${any.typeUrl} is not a message that anyone signs`);
    try {
      return { typeUrl: any.typeUrl, name, value: decode(name, any.value) };
    } catch (error) {
      if (error instanceof DecodeError) throw sdkErrors.unpackAny.because(`${any.typeUrl}: ${error.message}`);
      throw error;
    }
  }

  /** Who must sign a message, in the schema's order. Throws sdk/7 for a text that is no address. */
  signers(addresses: AddressCodec, message: InnerMessage): readonly Uint8Array[] {
    return signersOf(addresses, message.name, message.value);
  }

  /** Runs a message on the context's own branch: `ctx.attempt` around it is the caller's. Throws what the handler throws, sdk/6 without one. */
  run(ctx: Write, message: InnerMessage): DispatchResult {
    const route = this.#bound().message(message.typeUrl);
    if (route === undefined) throw sdkErrors.unknownRequest.because(`no message handler found for ${message.typeUrl}`);
    if (this.#depth >= MAX_DISPATCH_DEPTH) {
      throw sdkErrors.invalidRequest.because(`messages nest deeper than ${MAX_DISPATCH_DEPTH}`);
    }
    this.#depth += 1;
    try {
      const { result, events } = ctx.collect((own) => route.handle(own, message.value));
      return { response: result, responseTypeUrl: `/${route.response}`, events };
    } finally {
      this.#depth -= 1;
    }
  }

  #bound(): Router {
    if (this.#router === undefined) throw new Error("the dispatch is not bound to a router");
    return this.#router;
  }
}
