// Owns: who must sign a message, derived from the `cosmos.msg.v1.signer` option of its schema, through nested messages
// (bank's MultiSend names its inputs' addresses). Does not own: the order across a transaction (chain/app/tx.ts).
// Source: cosmos-sdk x/tx/signing/context.go (GetSigners), ADR-050.

import { findField, messageInfo } from "../../proto/registry.ts";
import type { MessageName } from "../../proto/types.gen.ts";
import type { AddressCodec } from "../types/address.ts";
import { sdkErrors } from "./errors.ts";
import { MAX_SIGNER_DEPTH } from "./limits.ts";

/** Reads the signers of one message value, in the order the schema names them, duplicates included. */
type SignerReader = (addresses: AddressCodec, value: Readonly<Record<string, unknown>>) => Uint8Array[];

const readers = new Map<MessageName, SignerReader>();

/** The addresses that must sign `value`. Throws sdk/7 for a text that is no address, a bug's Error if none is named. */
export function signersOf(addresses: AddressCodec, name: MessageName, value: unknown): Uint8Array[] {
  let reader = readers.get(name);
  if (reader === undefined) {
    reader = signerReader(name, 0);
    readers.set(name, reader);
  }
  return reader(addresses, value as Readonly<Record<string, unknown>>);
}

/** True when the schema says who signs this message. */
export function hasSigners(name: MessageName): boolean {
  return (messageInfo(name).signers ?? []).length > 0;
}

function signerReader(name: MessageName, depth: number): SignerReader {
  const { signers = [] } = messageInfo(name);
  if (signers.length === 0) throw new Error(`no cosmos.msg.v1.signer option found for message ${name}`);
  if (depth >= MAX_SIGNER_DEPTH) throw new Error(`signers of ${name} nest deeper than ${MAX_SIGNER_DEPTH}`);
  const parts = signers.map((signer) => fieldReader(name, signer, depth));
  return (addresses, value) => parts.flatMap((part) => part(addresses, value));
}

/** One named field: an address as text, or messages that name their own signers. */
function fieldReader(name: MessageName, signer: string, depth: number): SignerReader {
  const field = findField(messageInfo(name), signer);
  if (field === undefined) throw new Error(`message ${name} names ${signer} as signer but has no such field`);
  const each = (value: Readonly<Record<string, unknown>>): readonly unknown[] => {
    const content = value[field.name];
    if (content === undefined) return [];
    return field.repeated === true ? (content as readonly unknown[]) : [content];
  };
  if (field.type === "message") {
    const inner = signerReader(field.typeName as MessageName, depth + 1);
    return (addresses, value) =>
      each(value).flatMap((item) => inner(addresses, item as Readonly<Record<string, unknown>>));
  }
  if (field.type !== "string") throw new Error(`signer field ${name}.${signer} is neither text nor a message`);
  const parse = addressParser(field.scalar);
  return (addresses, value) => each(value).map((text) => parse(addresses, text as string));
}

/** Operator and consensus addresses have prefixes of their own; the field's `cosmos_proto.scalar` says which it is. */
function addressParser(scalar: string | undefined): (addresses: AddressCodec, text: string) => Uint8Array {
  const parse =
    scalar === "cosmos.ValidatorAddressString"
      ? (addresses: AddressCodec, text: string) => addresses.parseValidator(text)
      : scalar === "cosmos.ConsensusAddressString"
        ? (addresses: AddressCodec, text: string) => addresses.parseConsensus(text)
        : (addresses: AddressCodec, text: string) => addresses.parseAccount(text);
  return (addresses, text) => {
    try {
      return parse(addresses, text);
    } catch (error) {
      throw sdkErrors.invalidAddress.because((error as Error).message);
    }
  };
}
