/**
 * A chain in memory with a datanet and people in it, and what tests of the datanet module say to it: texts, openings of
 * them, messages with their senders filled in. Owns no expectation.
 */
import type { RecordInput } from "../../modules/datanet/keeper/records.ts";
import { defaultParams } from "../../modules/datanet/params.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { openingOf } from "../../modules/datanet/segment-input.ts";
import type { MessageInput } from "../../proto/codec.ts";
import { type JsonValue, toJson } from "../../proto/json.ts";
import type { MessageName, Messages } from "../../proto/types.gen.ts";
import { ChainHarness, type MessageToSend } from "./chain-harness.ts";
import { PLENTY, responseOf } from "./native-world.ts";

export const PEOPLE = ["owner", "curator", "scorer", "ann", "bob", "carol"] as const;
export const START = 1_000_000_000n;

type DatanetMessage = Extract<MessageName, `tributary.datanet.v1.Msg${string}`>;
type Result = Messages["tendermint.abci.ExecTxResult"];
type Params = Messages["tributary.datanet.v1.Params"];

const encoder = new TextEncoder();

export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** So many words that no other seed has. */
export function words(seed: string, count: number): string {
  return Array.from({ length: count }, (_, i) => `${seed}${i}`).join(" ");
}

/** A record input with a true fingerprint, but for the changes. */
export function record(text: string, changes: Partial<RecordInput> = {}): RecordInput {
  return { ...recordInputOf(bytesOf(text), { name: "text", licence: "", class: "" }), ...changes };
}

/** Opens a run of a text: where `part` stands in it, or `length` bytes from `start` on. */
export function opening(text: string, part: string): Messages["tributary.datanet.v1.TextOpening"] {
  const at = text.indexOf(part);
  if (at < 0) throw new Error("the text does not have the part");
  return openingOf(bytesOf(text), bytesOf(text.slice(0, at)).length, bytesOf(part).length);
}

export class DatanetWorld {
  readonly chain: ChainHarness;

  /** Opens datanet 1 of owner, with a curator and a scorer; ann, bob and carol join it. */
  constructor(
    params: Partial<Params> = {},
    terms: Partial<MessageInput<"tributary.datanet.v1.MsgCreateDatanet">> = {},
  ) {
    const genesis = { params: toJson("tributary.datanet.v1.Params", { ...defaultParams, ...params }) };
    this.chain = ChainHarness.start({
      balances: Object.fromEntries(PEOPLE.map((name) => [name, `${START}uopen,${START}utest`])),
      appState: { datanet: genesis as unknown as JsonValue },
    });
    this.ok("owner", "MsgCreateDatanet", {
      name: "net",
      licence: "MIT",
      admission: 1,
      curators: [this.address("curator")],
      validators: [this.address("scorer")],
      ...terms,
    });
    for (const name of ["ann", "bob", "carol"]) this.ok(name, "MsgJoin", { datanetId: 1n });
  }

  address(name: string): string {
    return this.chain.address(name);
  }

  /** A message of the datanet module, sent by `from`. */
  message(from: string, name: string, value: object): MessageToSend {
    const full = `tributary.datanet.v1.${name}` as DatanetMessage;
    return [full, { ...value, [SIGNER_OF[name] ?? "owner"]: this.address(from) }] as unknown as MessageToSend;
  }

  run(from: string, name: string, value: object): Result {
    const result = this.chain.run(from, this.message(from, name, value), { gas: PLENTY });
    this.chain.checkInvariants();
    return result;
  }

  ok(from: string, name: string, value: object): Result {
    const result = this.run(from, name, value);
    if (result.code !== 0) throw new Error(`${name}: ${result.codespace}/${result.code}: ${result.log}`);
    return result;
  }

  /** The codespace and code of a refusal. */
  refused(from: string, name: string, value: object): string {
    const { codespace, code } = this.run(from, name, value);
    return `${codespace}/${code}`;
  }

  answer<Name extends MessageName>(name: Name, result: Result): Messages[Name] {
    return responseOf(name, result);
  }

  /** Contributes texts as `from` and gives the number of the first. */
  contribute(from: string, ...inputs: readonly (string | RecordInput)[]): bigint {
    const records = inputs.map((input) => (typeof input === "string" ? record(input) : input));
    const result = this.ok(from, "MsgContribute", { datanetId: 1n, records });
    return this.answer("tributary.datanet.v1.MsgContributeResponse", result).firstNumber;
  }

  /** Lets time pass in one block. */
  pass(seconds: bigint): void {
    this.chain.block([], { nanoseconds: seconds * 1_000_000_000n });
    this.chain.checkInvariants();
  }

  query<Response extends MessageName>(name: string, request: object, response: Response): Messages[Response] {
    const full = `tributary.datanet.v1.Query${name}Request` as "tributary.datanet.v1.QueryRecordRequest";
    return this.chain.query(`/tributary.datanet.v1.Query/${name}`, [full, request as never], response);
  }

  record(number: bigint, datanetId = 1n): Messages["tributary.datanet.v1.Record"] {
    return this.query("Record", { datanetId, number }, "tributary.datanet.v1.QueryRecordResponse").record;
  }

  datanet(datanetId = 1n): Messages["tributary.datanet.v1.Datanet"] {
    return this.query("Datanet", { datanetId }, "tributary.datanet.v1.QueryDatanetResponse").datanet;
  }

  balance(name: string, denom = "uopen"): bigint {
    return this.chain.balance(name, denom);
  }

  events(result: Result, type: string): Record<string, string>[] {
    return result.events
      .filter((event) => event.type === type)
      .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, value])));
  }
}

/** The field that names the sender. */
const SIGNER_OF: Readonly<Record<string, string>> = {
  MsgJoin: "member",
  MsgAdmit: "curator",
  MsgContribute: "contributor",
  MsgCommit: "contributor",
  MsgReveal: "contributor",
  MsgSetPayoutAddress: "contributor",
  MsgAttest: "attestor",
  MsgCurate: "curator",
  MsgScoreRecord: "validator",
  MsgChallengeDuplicate: "challenger",
  MsgChallengeFingerprint: "challenger",
  MsgTakedown: "claimant",
  MsgCounterNotice: "contributor",
  MsgDecideTakedown: "arbiter",
  MsgSealSegment: "sealer",
  MsgChallengeSegment: "challenger",
  MsgChallengeIndex: "challenger",
  MsgDemandOpening: "challenger",
  MsgAnswerDemand: "answerer",
  MsgPublishVersion: "publisher",
  MsgSetEncryptionKey: "account",
  MsgGrantAccess: "granter",
  MsgRevokeAccess: "granter",
  MsgBuyDataTokens: "buyer",
  MsgSpendDataTokens: "holder",
  MsgFundSponsorship: "funder",
  MsgInvite: "inviter",
  MsgUpdateParams: "authority",
};
