/**
 * Owns what answers to demands have shown of a segment: the chain keeps none of them, the transactions do. So a search that was
 * broken off goes on where anybody left it. It does not own what the openings say (segment-faults.ts, index-faults.ts).
 */
import type { TextOpening } from "../../modules/datanet/opening.ts";
import { decode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { ChainSession } from "../chain-session.ts";

/** What is known of a segment's demands that were answered. */
export interface Answers {
  /** Of text and suffix array, whoever asked; to be checked against the root. */
  readonly openings: readonly TextOpening[];
  /** The demands that were answered, by the account that asked. */
  readonly demands: readonly { readonly id: bigint; readonly challenger: string }[];
}

type Any = Messages["google.protobuf.Any"];

const ANSWER_URL = "/tributary.datanet.v1.MsgAnswerDemand";
const EXEC_URL = "/cosmos.authz.v1beta1.MsgExec";
const EVENT = "demand_answered";

/** Everything the node's index of transactions has about a segment. */
export async function answersAbout(session: ChainSession, datanetId: bigint, segment: bigint): Promise<Answers> {
  const query = `${EVENT}.datanet_id='${datanetId}' AND ${EVENT}.segment='${segment}'`;
  const { txs } = await session.comet.txSearchAll({ query });
  const openings: TextOpening[] = [];
  const demands: { id: bigint; challenger: string }[] = [];
  for (const { tx, result } of txs) {
    openings.push(...openingsIn(decode("cosmos.tx.v1beta1.Tx", tx).body?.messages ?? []));
    for (const { type, attributes } of result.events) {
      const told = new Map(attributes.map(({ key, value }) => [key, value]));
      const isOfIt = told.get("datanet_id") === `${datanetId}` && told.get("segment") === `${segment}`;
      if (type !== EVENT || !isOfIt) continue;
      demands.push({ id: BigInt(told.get("demand_id") ?? 0), challenger: told.get("challenger") ?? "" });
    }
  }
  return { openings, demands };
}

/** The openings of answers, also of those that somebody else was allowed to send. */
function openingsIn(messages: readonly Any[]): readonly TextOpening[] {
  return messages.flatMap(({ typeUrl, value }) => {
    if (typeUrl === ANSWER_URL) return [decode("tributary.datanet.v1.MsgAnswerDemand", value).opening];
    return typeUrl === EXEC_URL ? openingsIn(decode("cosmos.authz.v1beta1.MsgExec", value).msgs) : [];
  });
}
