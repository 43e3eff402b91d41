// Owns which messages may stand where an Any takes any of an interface's, as the SDK's interface registry tells it. Made from the descriptors; what code
// accepts in a field is checked where the field is read.

import { messageInfo, messageNames, services, typeUrlOf } from "./registry.ts";
import type { MessageName } from "./types.gen.ts";

/** Interfaces that follow from the Msg services: their requests, and their responses (SDK types/codec.go, types/tx/types.go). */
export const MESSAGE_INTERFACE = "cosmos.base.v1beta1.Msg";
const RESPONSE_INTERFACE = "cosmos.tx.v1beta1.MsgResponse";

/** An interface that no message of this chain implements (SDK types/tx/types.go). */
const EXTENSION_INTERFACE = "cosmos.tx.v1beta1.TxExtensionOptionI";

/** A second name of cosmos.crypto.PubKey (SDK x/auth/types/codec.go). */
const CREDENTIAL_INTERFACE = "cosmos.auth.v1.ModuleCredential";
const KEY_INTERFACE = "cosmos.crypto.PubKey";

/** The full names of all interfaces, sorted. */
export function interfaceNames(): readonly string[] {
  return [...implementers().keys()];
}

/** The type URLs of the messages that implement an interface, sorted; none for a name that is no interface's. */
export function implementationsOf(name: string): readonly string[] {
  return implementers().get(name) ?? [];
}

let found: ReadonlyMap<string, readonly string[]> | undefined;

function implementers(): ReadonlyMap<string, readonly string[]> {
  found ??= collect();
  return found;
}

function collect(): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>([
    [MESSAGE_INTERFACE, []],
    [RESPONSE_INTERFACE, []],
    [EXTENSION_INTERFACE, []],
  ]);
  const add = (name: string, message: string) => {
    const urls = byName.get(name) ?? [];
    byName.set(name, [...urls, typeUrlOf(message as MessageName)]);
  };
  for (const message of messageNames()) for (const name of messageInfo(message).implements ?? []) add(name, message);
  for (const [, service] of services()) {
    if (!service.transactions) continue;
    for (const { request, response } of service.methods) {
      add(MESSAGE_INTERFACE, request);
      add(RESPONSE_INTERFACE, response);
    }
  }
  byName.set(CREDENTIAL_INTERFACE, byName.get(KEY_INTERFACE) ?? []);
  const sorted = [...byName].map(([name, urls]) => [name, [...new Set(urls)].sort()] as const);
  return new Map(sorted.sort(([left], [right]) => (left < right ? -1 : 1)));
}
