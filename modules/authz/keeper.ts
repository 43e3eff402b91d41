// Owns: who may run which messages for whom: giving, taking back and forgetting authorizations, and running messages by them (x/authz/keeper). Does not
// own: the kinds of authorization (authorization.ts), the messages (their modules, reached through the dispatch).

import type { Read, Write } from "../../chain/module/context.ts";
import type { InnerMessage, MessageDispatch } from "../../chain/module/dispatch.ts";
import { sdkErrors, TxError } from "../../chain/module/errors.ts";
import { compareTime, equalTime, formatTime, type Timestamp } from "../../chain/types/time.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type Authorization, accept, anyOfAuthorization, authorizationOf, messageOf } from "./authorization.ts";
import { errors } from "./errors.ts";
import { MAX_EXEC_DEPTH, MAX_EXEC_MESSAGES, QUEUE_CHECK_GAS } from "./limits.ts";
import { state } from "./state.ts";

const EXEC = "cosmos.authz.v1beta1.MsgExec";

/** What authz needs from its neighbours, and no more. */
export interface AuthzUses {
  readonly accounts: {
    account(ctx: Read, address: Uint8Array): object | undefined;
    ensure(ctx: Write, address: Uint8Array): void;
  };
  readonly bank: { isBlocked(address: Uint8Array): boolean };
  readonly dispatch: MessageDispatch;
}

export class AuthzKeeper {
  readonly #uses: AuthzUses;

  constructor(uses: AuthzUses) {
    this.#uses = uses;
  }

  /** Whether a module handles this message. */
  handles(typeUrl: string): boolean {
    return this.#uses.dispatch.handles(typeUrl);
  }

  /** Makes an account of the grantee's address, unless it is a module's (sdk/4). */
  ensureGrantee(ctx: Write, grantee: Uint8Array): void {
    if (this.#uses.accounts.account(ctx, grantee) !== undefined) return;
    if (this.#uses.bank.isBlocked(grantee))
      throw sdkErrors.unauthorized.because(`${ctx.addresses.account(grantee)} is not allowed to receive funds`);
    this.#uses.accounts.ensure(ctx, grantee);
  }

  /** Gives an authorization in the place of one for the same message. Throws authz/3 when it ends now or has ended. */
  grant(
    ctx: Write,
    granter: Uint8Array,
    grantee: Uint8Array,
    authorization: Authorization,
    end: Timestamp | undefined,
  ): void {
    const typeUrl = messageOf(authorization);
    if (end !== undefined && compareTime(end, ctx.time) <= 0) {
      const seconds = (time: Timestamp): string => formatTime({ ...time, nanos: 0 });
      throw errors.invalidExpirationTime.because(
        `expiration must be after the current block time (${seconds(ctx.time)}), got ${seconds(end)}`,
      );
    }
    const before = state.grants.get(ctx, [granter, grantee, typeUrl])?.expiration;
    const same = before === undefined ? end === undefined : end !== undefined && equalTime(before, end);
    if (!same) {
      if (before !== undefined) this.#leaveQueue(ctx, before, granter, grantee, typeUrl);
      if (end !== undefined) this.#joinQueue(ctx, end, granter, grantee, typeUrl);
    }
    state.grants.set(ctx, [granter, grantee, typeUrl], {
      authorization: anyOfAuthorization(authorization),
      expiration: end,
    });
    this.#tell(ctx, "cosmos.authz.v1beta1.EventGrant", granter, grantee, typeUrl);
  }

  /** Takes an authorization back. Throws authz/2 when there is none. */
  revoke(ctx: Write, granter: Uint8Array, grantee: Uint8Array, typeUrl: string): void {
    const found = state.grants.get(ctx, [granter, grantee, typeUrl]);
    if (found === undefined) throw this.#notFound(ctx, "delete", granter, grantee, typeUrl);
    if (found.expiration !== undefined) this.#leaveQueue(ctx, found.expiration, granter, grantee, typeUrl);
    state.grants.delete(ctx, [granter, grantee, typeUrl]);
    this.#tell(ctx, "cosmos.authz.v1beta1.EventRevoke", granter, grantee, typeUrl);
  }

  /** Runs messages for their signers, each of whom is the grantee or lets it. Gives what they answered. */
  execute(ctx: Write, grantee: Uint8Array, packed: readonly Messages["google.protobuf.Any"][]): Uint8Array[] {
    this.#requireBounds(packed, 1, { left: MAX_EXEC_MESSAGES });
    const messages = packed.map((any) => this.#uses.dispatch.unpack(any));
    return messages.map((message, index) => {
      this.#authorize(ctx, grantee, message);
      let outcome: ReturnType<MessageDispatch["run"]>;
      try {
        outcome = this.#uses.dispatch.run(ctx, message);
      } catch (error) {
        if (error instanceof TxError) throw error.wrap(`failed to execute message; message ${message.typeUrl}`);
        throw error;
      }
      for (const { type, attributes } of outcome.events)
        ctx.emit(type, [...attributes, ["authz_msg_index", index.toString()]]);
      return outcome.response;
    });
  }

  /** Forgets grants that have ended, the earliest first and those of `limit` queue entries at most. */
  prune(ctx: Write, limit: number): void {
    const ended: (readonly [readonly [Timestamp, Uint8Array, Uint8Array], readonly string[]])[] = [];
    for (const [at, { msgTypeUrls }] of state.queue.iterate(ctx, { limit })) {
      // One that ends at this very moment may still be used in this block.
      if (compareTime(at[0], ctx.time) >= 0) break;
      ended.push([at, msgTypeUrls]);
    }
    for (const [at, typeUrls] of ended) {
      const [, granter, grantee] = at;
      state.queue.delete(ctx, at);
      for (const typeUrl of typeUrls) state.grants.delete(ctx, [granter, grantee, typeUrl]);
    }
  }

  /** Throws sdk/18 when messages lie too deep or are too many: nothing has run then. */
  #requireBounds(packed: readonly Messages["google.protobuf.Any"][], depth: number, budget: { left: number }): void {
    if (depth > MAX_EXEC_DEPTH) throw sdkErrors.invalidRequest.because(`MsgExec nests deeper than ${MAX_EXEC_DEPTH}`);
    for (const any of packed) {
      budget.left -= 1;
      if (budget.left < 0)
        throw sdkErrors.invalidRequest.because(`MsgExec runs more than ${MAX_EXEC_MESSAGES} messages`);
      if (any.typeUrl !== `/${EXEC}`) continue;
      const { value } = this.#uses.dispatch.unpack(any);
      this.#requireBounds((value as Messages[typeof EXEC]).msgs, depth + 1, budget);
    }
  }

  /** The one signer of the message must be the grantee, or let it. */
  #authorize(ctx: Write, grantee: Uint8Array, message: InnerMessage): void {
    const [granter, ...others] = this.#uses.dispatch.signers(ctx.addresses, message);
    if (granter === undefined || others.length > 0) throw errors.authorizationNumOfSigners.because();
    if (equalBytes(granter, grantee)) return;
    const at = [granter, grantee, message.typeUrl] as const;
    const found = state.grants.get(ctx, at);
    if (found === undefined) throw this.#notFound(ctx, "get", granter, grantee, message.typeUrl);
    if (found.expiration !== undefined && compareTime(found.expiration, ctx.time) < 0)
      throw errors.authorizationExpired.because();
    const before = authorizationOf(found.authorization);
    const left = accept(before, message, ctx.gas);
    if (left === undefined) this.revoke(ctx, granter, grantee, message.typeUrl);
    else if (left !== before) state.grants.set(ctx, at, { ...found, authorization: anyOfAuthorization(left) });
  }

  #notFound(ctx: Read, verb: string, granter: Uint8Array, grantee: Uint8Array, typeUrl: string): TxError {
    const [from, to] = [ctx.addresses.account(granter), ctx.addresses.account(grantee)];
    return errors.noAuthorizationFound.because(
      `failed to ${verb} grant with given granter: ${from}, grantee: ${to} & msgType: ${typeUrl} `,
    );
  }

  #joinQueue(ctx: Write, end: Timestamp, granter: Uint8Array, grantee: Uint8Array, typeUrl: string): void {
    const waiting = state.queue.get(ctx, [end, granter, grantee])?.msgTypeUrls ?? [];
    state.queue.set(ctx, [end, granter, grantee], { msgTypeUrls: [...waiting, typeUrl] });
  }

  #leaveQueue(ctx: Write, end: Timestamp, granter: Uint8Array, grantee: Uint8Array, typeUrl: string): void {
    const waiting = state.queue.get(ctx, [end, granter, grantee])?.msgTypeUrls;
    if (waiting === undefined)
      throw errors.noGrantKeyFound.because("can't remove grant from the expire queue, grant key not found");
    const place = waiting.indexOf(typeUrl);
    ctx.gas.consume(QUEUE_CHECK_GAS * BigInt(place < 0 ? waiting.length : place + 1), "grant queue");
    if (place < 0) return;
    // The last takes the place of the one that leaves, as in the SDK.
    const left = waiting.map((entry, at) => (at === place ? waiting.at(-1)! : entry)).slice(0, -1);
    if (left.length === 0) state.queue.delete(ctx, [end, granter, grantee]);
    else state.queue.set(ctx, [end, granter, grantee], { msgTypeUrls: left });
  }

  /** A typed event: the fields of a message in the order of their names, each as JSON (types/events.go, TypedEventToEvent). */
  #tell(ctx: Write, event: string, granter: Uint8Array, grantee: Uint8Array, typeUrl: string): void {
    ctx.emit(event, [
      ["grantee", JSON.stringify(ctx.addresses.account(grantee))],
      ["granter", JSON.stringify(ctx.addresses.account(granter))],
      ["msg_type_url", JSON.stringify(typeUrl)],
    ]);
  }
}
