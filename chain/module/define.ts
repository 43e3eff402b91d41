// Owns: the shape of a module. `defineModule` ties handlers to the proto services by type, so that a missing handler, a
// handler of no rpc, or a write inside a query does not compile; `create` gives the module its neighbours.
// Does not own: what is derived from the definition (routing in router.ts, signers in signers.ts, the command line in cli/).

import { decode, encode, type MessageInput } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { MessageName, Messages, Services } from "../../proto/types.gen.ts";
import type { AnySchema } from "../store/schema.ts";
import type { BlockWrite, GenesisWrite, Read, ValidatorUpdate, Write } from "./context.ts";
import type { ErrorTable } from "./errors.ts";
import { type GenesisRoutes, genesisFacts, genesisRoutes } from "./genesis-codec.ts";
import type { GenesisPart } from "./genesis-part.ts";
import { type Rpc, rpcsOf } from "./services.ts";

/** The genesis message of each package that has one: `<package>.GenesisState`. */
type GenesisNames = {
  readonly [Name in MessageName as Name extends `${infer Package}.GenesisState` ? Package : never]: Name;
};

/** A package that has services, or at least a genesis state. */
export type ProtoPackage = (keyof Services & string) | (keyof GenesisNames & string);

type ServiceOf<Package extends string, Service extends "Msg" | "Query"> = Package extends keyof Services
  ? Service extends keyof Services[Package]
    ? Services[Package][Service]
    : Record<never, never>
  : Record<never, never>;

type RequestOf<Rpc> = Rpc extends readonly [infer Request extends MessageName, ...unknown[]]
  ? Messages[Request]
  : never;
type ResponseOf<Rpc> = Rpc extends readonly [unknown, infer Response extends MessageName]
  ? MessageInput<Response>
  : never;

/** One handler for every rpc of the package's `Msg` service. */
export type MessageHandlers<Package extends string, Keeper> = {
  readonly [Rpc in keyof ServiceOf<Package, "Msg">]: (
    keeper: Keeper,
    ctx: Write,
    message: RequestOf<ServiceOf<Package, "Msg">[Rpc]>,
  ) => ResponseOf<ServiceOf<Package, "Msg">[Rpc]>;
};

/** One handler for every rpc of the package's `Query` service. */
export type QueryHandlers<Package extends string, Keeper> = {
  readonly [Rpc in keyof ServiceOf<Package, "Query">]: (
    keeper: Keeper,
    ctx: Read,
    request: RequestOf<ServiceOf<Package, "Query">[Rpc]>,
  ) => ResponseOf<ServiceOf<Package, "Query">[Rpc]>;
};

/** The services of an older package that a module still answers, their types erased; made by `olderServices`. */
export interface OlderServices<Keeper> {
  readonly proto: string;
  readonly routes: (module: string, keeper: Keeper) => Pick<Module, "messages" | "queries">;
}

/** Ties handlers to an older package's services (cosmos.gov.v1beta1 beside v1), checked as those of the module's own. */
export function olderServices<const Package extends ProtoPackage, Keeper>(
  proto: Package,
  handlers: { readonly msgs: MessageHandlers<Package, Keeper>; readonly queries: QueryHandlers<Package, Keeper> },
): OlderServices<Keeper> {
  return {
    proto,
    routes: (module, keeper) => ({
      messages: messageRoutes(module, proto, handlers.msgs as unknown as AnyHandlers, keeper),
      queries: queryRoutes(module, proto, handlers.queries as unknown as AnyHandlers, keeper),
    }),
  };
}

/** How the command line shows one rpc; everything not said here comes from the schema and its comments. */
export interface CliHint<Field extends string = string> {
  /** The fields that are positional arguments, in order; the others become flags. */
  readonly args?: readonly Field[];
  /** The same for the query, where a message and a query share the name. */
  readonly queryArgs?: readonly Field[];
  /** The command's word, if not the rpc's name in kebab-case. */
  readonly name?: string;
  /** Other words for the command, which the SDK knows it by. */
  readonly aliases?: readonly string[];
  /** Arguments at the end that may be left out. */
  readonly optionalArgs?: number;
  /** Not offered on the command line. */
  readonly hidden?: boolean;
}

type CliHints<Package extends string> = {
  readonly [Rpc in keyof ServiceOf<Package, "Msg"> | keyof ServiceOf<Package, "Query">]?: CliHint<
    | (Rpc extends keyof ServiceOf<Package, "Msg"> ? keyof RequestOf<ServiceOf<Package, "Msg">[Rpc]> & string : never)
    | (Rpc extends keyof ServiceOf<Package, "Query">
        ? keyof RequestOf<ServiceOf<Package, "Query">[Rpc]> & string
        : never)
  >;
};

/** What a module account may do with coins; as the SDK's permission words. */
export type AccountPermission = "minter" | "burner" | "staking";

/** Says nothing when it holds, or one sentence with the numbers that disagree. */
export type Invariant<Keeper> = (keeper: Keeper, ctx: Read) => string | undefined;

type GenesisOf<Package extends string> = Package extends keyof GenesisNames ? Messages[GenesisNames[Package]] : never;
type GenesisInput<Package extends string> = Package extends keyof GenesisNames
  ? MessageInput<GenesisNames[Package]>
  : never;

/** What genesis or the end of a block changes about the validators; most modules change nothing and return nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without validators is an arrow over a void call.
export type ValidatorUpdates = readonly ValidatorUpdate[] | void;

/** A module's genesis, as the message `<package>.GenesisState` in the SDK's proto-JSON under the module's name. */
export interface GenesisDefinition<Package extends string, Keeper> {
  readonly json?: false;
  readonly streams?: undefined;
  readonly default: () => GenesisInput<Package>;
  /** Throws with a clear sentence; called before any state exists (`genesis validate`). */
  readonly validate?: (genesis: GenesisOf<Package>) => void;
  /** Writes the state. At most one module of an application may return validator updates. */
  readonly init: (keeper: Keeper, ctx: GenesisWrite, genesis: GenesisOf<Package>) => ValidatorUpdates;
  readonly export: (keeper: Keeper, ctx: Read) => GenesisInput<Package>;
}

/** A genesis whose JSON is not the proto-JSON of a message (genutil: whole transactions). */
export interface JsonGenesisDefinition<Keeper> {
  readonly json: true;
  readonly streams?: undefined;
  readonly default: () => JsonValue;
  readonly validate?: (genesis: JsonValue) => void;
  readonly init: (keeper: Keeper, ctx: GenesisWrite, genesis: JsonValue) => ValidatorUpdates;
  readonly export: (keeper: Keeper, ctx: Read) => JsonValue;
}

/** A message whose lists are walked, never held: the item of each is as it was. */
export type Streamed<State> = {
  readonly [Field in keyof State]: NonNullable<State[Field]> extends readonly (infer Item)[]
    ? Iterable<Item> | Extract<State[Field], undefined>
    : State[Field];
};

/**
 * A genesis with lists that may be too long for memory. Those named in `streams` are read from the file, and written, a few
 * items at a time: `validate` and `init` walk them, as often as they like, and must not walk a store's iterator meanwhile.
 */
export interface StreamedGenesisDefinition<Package extends string, Keeper> {
  readonly json?: false;
  readonly streams: readonly (keyof GenesisOf<Package> & string)[];
  readonly default: () => GenesisInput<Package>;
  readonly validate?: (genesis: Streamed<GenesisOf<Package>>) => void;
  readonly init: (keeper: Keeper, ctx: GenesisWrite, genesis: Streamed<GenesisOf<Package>>) => ValidatorUpdates;
  readonly export: (keeper: Keeper, ctx: Read) => Streamed<GenesisInput<Package>>;
}

/** What a module's author writes. */
export interface ModuleDefinition<Package extends ProtoPackage, Keeper, Uses> {
  /** The key of its genesis state and, by custom, its store and its error codespace. */
  readonly name: string;
  readonly proto: Package;
  /** Consensus version, stored from block 1; raised with a migration. */
  readonly version: number;
  /** The schema of the module's store; absent for a module without state. */
  readonly state?: AnySchema;
  readonly errors?: ErrorTable;
  readonly keeper: (uses: Uses) => Keeper;
  readonly msgs: MessageHandlers<Package, Keeper>;
  readonly queries: QueryHandlers<Package, Keeper>;
  /** An older form of the interface, routed but not offered on the command line. */
  readonly older?: OlderServices<Keeper>;
  readonly genesis?:
    | GenesisDefinition<Package, Keeper>
    | StreamedGenesisDefinition<Package, Keeper>
    | JsonGenesisDefinition<Keeper>;
  /** Module accounts the module owns, by name, with what they may do. They refuse coins sent by transactions. */
  readonly accounts?: { readonly [account: string]: readonly AccountPermission[] };
  /** By version: what turns a state of that version into one of the next. One for each version before the module's own that a chain may be at. */
  readonly migrations?: { readonly [from: number]: (keeper: Keeper, ctx: Write) => void };
  /** Before everything else in a block. */
  readonly preBlock?: (keeper: Keeper, ctx: BlockWrite) => void;
  readonly beginBlock?: (keeper: Keeper, ctx: BlockWrite) => void;
  readonly endBlock?: (keeper: Keeper, ctx: BlockWrite) => ValidatorUpdates;
  readonly invariants?: { readonly [name: string]: Invariant<Keeper> };
  readonly cli?: CliHints<Package>;
}

/** One rpc of a `Msg` service, its types erased. */
export interface MessageRoute {
  readonly module: string;
  readonly typeUrl: string;
  readonly request: MessageName;
  readonly response: MessageName;
  /** Runs the handler on a decoded message and gives the encoded response. */
  readonly handle: (ctx: Write, message: unknown) => Uint8Array;
}

/** One rpc of a `Query` service, its types erased. */
export interface QueryRoute {
  readonly module: string;
  /** The gRPC path, `/cosmos.bank.v1beta1.Query/Balance`. */
  readonly path: string;
  readonly request: MessageName;
  readonly response: MessageName;
  readonly handle: (ctx: Read, request: Uint8Array) => Uint8Array;
}

/** A module as the application sees it. */
export interface Module {
  readonly name: string;
  readonly proto: string;
  readonly version: number;
  readonly state: AnySchema | undefined;
  readonly accounts: { readonly [account: string]: readonly AccountPermission[] };
  readonly messages: readonly MessageRoute[];
  readonly queries: readonly QueryRoute[];
  readonly genesis: GenesisRoutes | undefined;
  readonly migrations: ReadonlyMap<number, (ctx: Write) => void>;
  readonly preBlock: ((ctx: BlockWrite) => void) | undefined;
  readonly beginBlock: ((ctx: BlockWrite) => void) | undefined;
  readonly endBlock: ((ctx: BlockWrite) => readonly ValidatorUpdate[]) | undefined;
  readonly invariants: ReadonlyMap<string, (ctx: Read) => string | undefined>;
}

/** A module with its keeper, for the neighbours that use it. */
export interface ModuleWithKeeper<Keeper> extends Module {
  readonly keeper: Keeper;
}

/** The static facts of a definition, without its types: what the command line and the documentation read. */
export interface AnyModuleDefinition {
  readonly name: string;
  readonly proto: string;
  readonly version: number;
  readonly state?: AnySchema;
  readonly errors?: ErrorTable;
  readonly accounts?: { readonly [account: string]: readonly AccountPermission[] };
  readonly cli?: { readonly [rpc: string]: CliHint | undefined };
  readonly defaultGenesis: () => JsonValue | undefined;
  readonly validateGenesis: (genesis: JsonValue | GenesisPart) => void;
}

/** A definition that can be given its neighbours. */
export interface DefinedModule<Package extends ProtoPackage, Keeper, Uses>
  extends Omit<ModuleDefinition<Package, Keeper, Uses>, "cli"> {
  readonly cli?: { readonly [rpc: string]: CliHint | undefined };
  readonly defaultGenesis: () => JsonValue | undefined;
  readonly validateGenesis: (genesis: JsonValue | GenesisPart) => void;
  /** Builds the keeper from `uses` and binds every handler to it. */
  readonly create: (uses: Uses) => ModuleWithKeeper<Keeper>;
}

type AnyHandler = (keeper: unknown, ctx: unknown, message: unknown) => unknown;
type AnyHandlers = { readonly [rpc: string]: AnyHandler };

/** Defines a module. Throws when the handlers and the schema's rpcs differ (they cannot, when it compiled). */
export function defineModule<const Package extends ProtoPackage, Keeper, Uses, const Name extends string>(
  definition: ModuleDefinition<Package, Keeper, Uses> & { readonly name: Name },
): DefinedModule<Package, Keeper, Uses> & { readonly name: Name } {
  const genesis = genesisFacts(definition);
  return {
    ...definition,
    defaultGenesis: () => genesis?.default(),
    validateGenesis: (state) => genesis?.validate(state),
    create: (uses) => createModule(definition, definition.keeper(uses)),
  };
}

function createModule<Package extends ProtoPackage, Keeper, Uses>(
  definition: ModuleDefinition<Package, Keeper, Uses>,
  keeper: Keeper,
): ModuleWithKeeper<Keeper> {
  const { preBlock, beginBlock, endBlock } = definition;
  const older = definition.older?.routes(definition.name, keeper);
  const messages = messageRoutes(definition.name, definition.proto, definition.msgs as unknown as AnyHandlers, keeper);
  const queries = queryRoutes(definition.name, definition.proto, definition.queries as unknown as AnyHandlers, keeper);
  return {
    keeper,
    name: definition.name,
    proto: definition.proto,
    version: definition.version,
    state: definition.state,
    accounts: definition.accounts ?? {},
    messages: [...messages, ...(older?.messages ?? [])],
    queries: [...queries, ...(older?.queries ?? [])],
    genesis: genesisRoutes(definition, keeper),
    migrations: new Map(
      Object.entries(definition.migrations ?? {}).map(([from, migrate]) => [
        Number(from),
        (ctx: Write) => migrate(keeper, ctx),
      ]),
    ),
    preBlock: preBlock === undefined ? undefined : (ctx) => preBlock(keeper, ctx),
    beginBlock: beginBlock === undefined ? undefined : (ctx) => beginBlock(keeper, ctx),
    endBlock: endBlock === undefined ? undefined : (ctx) => endBlock(keeper, ctx) ?? [],
    invariants: new Map(
      Object.entries(definition.invariants ?? {}).map(([name, invariant]) => [
        name,
        (ctx: Read) => invariant(keeper, ctx),
      ]),
    ),
  };
}

function messageRoutes(module: string, proto: string, handlers: AnyHandlers, keeper: unknown): MessageRoute[] {
  return rpcsWithHandlers(`${proto}.Msg`, handlers).map(({ rpc, handler }) => ({
    module,
    typeUrl: `/${rpc.request}`,
    request: rpc.request,
    response: rpc.response,
    handle: (ctx, message) => encode(rpc.response, handler(keeper, ctx, message) as never),
  }));
}

function queryRoutes(module: string, proto: string, handlers: AnyHandlers, keeper: unknown): QueryRoute[] {
  return rpcsWithHandlers(`${proto}.Query`, handlers).map(({ rpc, handler }) => ({
    module,
    path: `/${proto}.Query/${rpc.name}`,
    request: rpc.request,
    response: rpc.response,
    handle: (ctx, request) => encode(rpc.response, handler(keeper, ctx, decode(rpc.request, request)) as never),
  }));
}

/** Pairs each rpc of the service with its handler; both lists must be the same. */
function rpcsWithHandlers(service: string, handlers: AnyHandlers): { rpc: Rpc; handler: AnyHandler }[] {
  const rpcs = rpcsOf(service);
  for (const name of Object.keys(handlers)) {
    if (!rpcs.some((rpc) => rpc.name === name)) throw new Error(`${service} has no rpc ${name}, but a handler for it`);
  }
  return rpcs.map((rpc) => {
    const handler = handlers[rpc.name];
    if (handler === undefined) throw new Error(`${service}/${rpc.name} has no handler`);
    return { rpc, handler };
  });
}
