// Owns: the JSON of a module's genesis: its message in the SDK's proto-JSON, whole, or with lists that are read and written a
// few items at a time. Does not own: what a genesis does (the module), nor the text around it (chain/app/genesis.ts).

import { decode, encode } from "../../proto/codec.ts";
import { fromJson, JsonError, type JsonValue, toJson } from "../../proto/json.ts";
import { GENESIS_VALUES_MAX } from "../../proto/limits.ts";
import type { MessageName } from "../../proto/types.gen.ts";
import type { GenesisWrite, Read, ValidatorUpdate } from "./context.ts";
import { type Batches, GenesisPart, type GenesisPieces } from "./genesis-part.ts";
import { GENESIS_BATCH_ITEMS } from "./limits.ts";

/** A module's genesis with its message type erased: JSON in, JSON out. */
export interface GenesisRoutes {
  readonly default: () => JsonValue;
  readonly validate: (genesis: JsonValue | GenesisPart) => void;
  readonly init: (ctx: GenesisWrite, genesis: JsonValue | GenesisPart) => readonly ValidatorUpdate[];
  readonly export: (ctx: Read) => JsonValue;
  /** As `export`, with the lists that may be long apart. */
  readonly exportPieces: (ctx: Read) => GenesisPieces;
}

/** A definition of any of the three forms, its types erased. */
interface AnyGenesis {
  readonly json?: boolean;
  readonly streams?: readonly string[];
  readonly default: () => unknown;
  readonly validate?: (genesis: unknown) => void;
  readonly init: (keeper: unknown, ctx: GenesisWrite, genesis: unknown) => readonly ValidatorUpdate[] | undefined;
  readonly export: (keeper: unknown, ctx: Read) => unknown;
}

interface Definition {
  readonly proto: string;
  readonly genesis?: unknown;
}

/** What can be asked of a genesis without a keeper. */
export function genesisFacts(definition: Definition): Pick<GenesisRoutes, "default" | "validate"> | undefined {
  if (definition.genesis === undefined) return undefined;
  const genesis = definition.genesis as AnyGenesis;
  const form = formOf(definition.proto, genesis);
  return {
    default: () => form.encode(genesis.default()),
    validate: (state) => genesis.validate?.(form.decode(state)),
  };
}

/** All that an application does with a module's genesis. */
export function genesisRoutes(definition: Definition, keeper: unknown): GenesisRoutes | undefined {
  const facts = genesisFacts(definition);
  if (facts === undefined) return undefined;
  const genesis = definition.genesis as AnyGenesis;
  const form = formOf(definition.proto, genesis);
  return {
    ...facts,
    init: (ctx, state) => genesis.init(keeper, ctx, form.decode(state)) ?? [],
    export: (ctx) => form.encode(genesis.export(keeper, ctx)),
    exportPieces: (ctx) => form.pieces(genesis.export(keeper, ctx)),
  };
}

interface Form {
  decode(state: JsonValue | GenesisPart): unknown;
  encode(value: unknown): JsonValue;
  pieces(value: unknown): GenesisPieces;
}

function formOf(proto: string, { json, streams = [] }: AnyGenesis): Form {
  if (json === true) {
    return {
      decode: (state) => (state instanceof GenesisPart ? state.whole() : state),
      encode: (value) => value as JsonValue,
      pieces: (value) => membersOf(value as JsonValue),
    };
  }
  return new MessageForm(`${proto}.GenesisState` as MessageName, streams);
}

function membersOf(json: JsonValue): GenesisPieces {
  return Object.entries(json as { readonly [member: string]: JsonValue });
}

type Fields = { readonly [field: string]: unknown };

/** A message, some of whose lists are given piece by piece. */
class MessageForm implements Form {
  readonly #name: MessageName;
  /** By the member's name in JSON, the field's name in the message. */
  readonly #streams: ReadonlyMap<string, string>;

  constructor(name: MessageName, streams: readonly string[]) {
    this.#name = name;
    this.#streams = new Map(streams.map((field) => [memberOf(field), field]));
  }

  decode(state: JsonValue | GenesisPart): unknown {
    if (!(state instanceof GenesisPart)) return fromJson(this.#name, state, GENESIS_VALUES_MAX);
    if (this.#streams.size === 0) return fromJson(this.#name, state.whole(), GENESIS_VALUES_MAX);
    const { rest, lists } = state.split([...this.#streams.keys()]);
    const message: { [field: string]: unknown } = { ...(fromJson(this.#name, rest, GENESIS_VALUES_MAX) as object) };
    for (const [member, field] of this.#streams) {
      const batches = lists.get(member);
      if (batches === undefined) continue;
      message[field] = { [Symbol.iterator]: () => this.#items(member, field, batches, state.pause) };
    }
    return message;
  }

  /** The items of one list; between them, at places that depend on their number alone, the application may pause. */
  *#items(member: string, field: string, batches: Batches, pause: () => void): Generator<unknown, void, undefined> {
    let index = 0;
    for (const batch of batches) {
      for (const item of this.#batch(member, field, batch, index)) {
        if (index > 0 && index % GENESIS_BATCH_ITEMS === 0) pause();
        index++;
        yield item;
      }
    }
  }

  /** Decoded as a state that holds nothing else; a place in an error is counted from the list's beginning. */
  #batch(member: string, field: string, batch: readonly JsonValue[], first: number): readonly unknown[] {
    try {
      return (fromJson(this.#name, { [member]: batch }, GENESIS_VALUES_MAX) as Fields)[field] as readonly unknown[];
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      const place = `${this.#name}.${member}[`;
      const index = /^\d+/.exec(error.message.startsWith(place) ? error.message.slice(place.length) : "")?.[0];
      if (index === undefined) throw error;
      throw new JsonError(`${place}${first + Number(index)}${error.message.slice(place.length + index.length)}`);
    }
  }

  encode(value: unknown): JsonValue {
    const lists = [...this.#streams.values()].map((field) => [field, [...this.#list(value, field)]]);
    return this.#json({ ...(value as Fields), ...Object.fromEntries(lists) });
  }

  pieces(value: unknown): GenesisPieces {
    const empty = [...this.#streams.values()].map((field) => [field, []]);
    const whole = this.#json({ ...(value as Fields), ...Object.fromEntries(empty) });
    return membersOf(whole).map(([member, json]) => {
      const field = this.#streams.get(member);
      if (field === undefined) return [member, json];
      return [member, { batches: { [Symbol.iterator]: () => this.#written(member, field, value) } }];
    });
  }

  *#written(member: string, field: string, value: unknown): Generator<readonly JsonValue[], void, undefined> {
    let batch: unknown[] = [];
    const json = (): readonly JsonValue[] =>
      (this.#json({ [field]: batch }) as { readonly [member: string]: readonly JsonValue[] })[member]!;
    for (const item of this.#list(value, field)) {
      if (batch.push(item) < GENESIS_BATCH_ITEMS) continue;
      yield json();
      batch = [];
    }
    if (batch.length > 0) yield json();
  }

  #list(value: unknown, field: string): Iterable<unknown> {
    return ((value as Fields)[field] ?? []) as Iterable<unknown>;
  }

  #json(value: unknown): JsonValue {
    const name = this.#name;
    return toJson(name, decode(name, encode(name, value as never), "lenient", GENESIS_VALUES_MAX) as never);
  }
}

/** The member of proto-JSON that a field of a message is written as. */
function memberOf(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
