// Owns bringing the genesis of an earlier SDK to the form of a later one, module by module (SDK x/genutil/migrations). Steps go one after the other, as
// in simd: each target takes the form of the one before it. It checks nothing: validate.ts does.
import { batchesOfPiece, GenesisPart, type GenesisPieces } from "../chain/module/genesis-part.ts";
import { fromJson, type JsonValue, toJson } from "../proto/json.ts";
import type { MessageName } from "../proto/types.gen.ts";
import { GenesisFormError } from "./app-genesis.ts";
import { piecesOf, type StateParts } from "./state-parts.ts";

type JsonObject = { readonly [member: string]: JsonValue };

/** What a migration takes from this chain. */
export interface MigrationFacts {
  /** The address of the gov module, which carries out proposals. */
  readonly authority: string;
  /** The gov module's default parameters, for those a later form added. */
  readonly govParams: JsonObject;
}

/** Changes one module's part. */
type Change = (part: JsonValue | GenesisPart, facts: MigrationFacts) => GenesisPieces;

const GOV = "cosmos.gov.v1.GenesisState";

/** What each target changes, in the order of the SDK's versions. Modules that are not named stay as they are. */
const targets: ReadonlyMap<string, Readonly<Record<string, Change>>> = new Map([
  [
    "v0.46",
    {
      gov: small((gov, { authority }) => govOfMessages(gov, authority), GOV),
      staking: inMember("params", (params) => ({ ...params, min_commission_rate: "0.000000000000000000" })),
    },
  ],
  [
    "v0.47",
    {
      bank: sendEnabledOutOfParams,
      gov: small((gov, facts) => oneListOfParams(gov, facts), GOV),
      distribution: inMember("params", (params) => ({
        ...params,
        base_proposer_reward: "0.000000000000000000",
        bonus_proposer_reward: "0.000000000000000000",
      })),
    },
  ],
  [
    "v0.53",
    {
      gov: small((gov, { govParams }) => ({ ...gov, params: completed(objectOf(gov.params), govParams) }), GOV),
    },
  ],
]);

/** The targets there are, in their order. */
export function migrationTargets(): readonly string[] {
  return [...targets.keys()];
}

/** The parts in the form of a target, or undefined for one that is not known. Throws GenesisFormError, and JsonError for a part of another form. */
export function migrated(
  parts: StateParts,
  target: string,
  facts: MigrationFacts,
): readonly (readonly [module: string, pieces: GenesisPieces | undefined])[] | undefined {
  const changes = targets.get(target);
  if (changes === undefined) return undefined;
  return [...parts].map(([module, part]) => {
    const change = Object.hasOwn(changes, module) ? changes[module] : undefined;
    const isNull = part instanceof GenesisPart ? part.isNull : part === null;
    return [module, change === undefined || isNull ? piecesOf(module, part) : change(part, facts)];
  });
}

/** A change of a part that is held whole. The result is written as the message is that it has become: every field is there. */
function small(change: (part: JsonObject, facts: MigrationFacts) => JsonObject, name: MessageName): Change {
  return (part, facts) => {
    const whole = part instanceof GenesisPart ? part.whole() : part;
    const changed = change(objectOf(whole), facts);
    return Object.entries(objectOf(toJson(name, fromJson(name, changed) as never)));
  };
}

/** A change of one member of a part whose lists may be long. */
function inMember(member: string, change: (value: JsonObject) => JsonObject): Change {
  return (part) =>
    (piecesOf("", part) ?? []).map(([name, value]) => [name, name === member ? change(objectOf(value)) : value]);
}

function objectOf(value: unknown): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new GenesisFormError("a member that should be a JSON object is none");
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return (Array.isArray(value) ? value : []).map(objectOf);
}

/** Which coins may be sent moved from the parameters to a list of their own, whose entries count where both have one (x/bank/migrations/v4). */
function sendEnabledOutOfParams(part: JsonValue | GenesisPart): GenesisPieces {
  const pieces = piecesOf("bank", part) ?? [];
  const own = pieces.find(([name]) => name === "send_enabled")?.[1];
  const batches = own === undefined ? undefined : batchesOfPiece(own);
  const entries = batches === undefined ? listOf(own as JsonValue) : [...batches].flat().map(objectOf);
  const params = objectOf(pieces.find(([name]) => name === "params")?.[1] ?? {});
  const known = new Set(entries.map(({ denom }) => denom));
  const moved = listOf(params.send_enabled).filter(({ denom }) => !known.has(denom ?? null));
  return [
    ...pieces.filter(([name]) => name !== "params" && name !== "send_enabled"),
    ["params", { ...params, send_enabled: [] }],
    ["send_enabled", [...entries, ...moved] as JsonValue],
  ];
}

/** Proposals of contents become proposals of messages, votes get weights (x/gov/migrations/v3). */
function govOfMessages(gov: JsonObject, authority: string): JsonObject {
  return {
    ...gov,
    proposals: listOf(gov.proposals).map(({ proposal_id, content, final_tally_result, ...rest }) => {
      const tally = objectOf(final_tally_result ?? {});
      const { title, description } = objectOf(content);
      return {
        id: proposal_id,
        messages: [{ "@type": "/cosmos.gov.v1.MsgExecLegacyContent", content, authority }],
        ...rest,
        final_tally_result: {
          yes_count: tally.yes ?? "0",
          abstain_count: tally.abstain ?? "0",
          no_count: tally.no ?? "0",
          no_with_veto_count: tally.no_with_veto ?? "0",
        },
        title: title ?? "",
        summary: description ?? "",
      };
    }) as JsonValue,
    votes: listOf(gov.votes).map(({ option, options, ...rest }) => {
      const weighted = Array.isArray(options) && options.length > 0;
      if (!weighted && (option === undefined || option === "VOTE_OPTION_UNSPECIFIED"))
        throw new GenesisFormError("app_state.gov.votes: a vote has no option");
      return { ...rest, options: weighted ? options : [{ option, weight: "1.000000000000000000" }] };
    }) as JsonValue,
  };
}

/** The parameters of deposits, voting and tallying become one list; those that are new have their defaults (x/gov/migrations/v4). */
function oneListOfParams(gov: JsonObject, { govParams }: MigrationFacts): JsonObject {
  const { deposit_params, voting_params, tally_params, ...rest } = gov;
  if (deposit_params === undefined || deposit_params === null)
    throw new GenesisFormError("app_state.gov.deposit_params is missing: the genesis is not of v0.46");
  const parts = [deposit_params, voting_params ?? {}, tally_params ?? {}].map(objectOf);
  return { ...rest, params: completed(Object.assign({}, ...parts), govParams) };
}

/** Parameters with the defaults of those that are not there, in the coin that deposits are made in. */
function completed(params: JsonObject, defaults: JsonObject): JsonObject {
  const denom = listOf(params.min_deposit)[0]?.denom;
  const own = Object.entries(params).filter(([, value]) => !isAbsent(value));
  const { expedited_min_deposit } = defaults;
  const expedited = listOf(expedited_min_deposit).map((coin) => (denom === undefined ? coin : { ...coin, denom }));
  return { ...defaults, expedited_min_deposit: expedited, ...Object.fromEntries(own) };
}

function isAbsent(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
