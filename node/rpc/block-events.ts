/**
 * Owns turning a committed block into the events that subscribers know from CometBFT (types/event_bus.go): their order,
 * their reserved attributes and their data. Transaction step 15. It does not own
 * subscriptions (event-hub.ts); it is called after the block is durable and nothing waits for it.
 */

import { publicKeyToJson } from "../../chain/types/genesis-doc.ts";
import { publicKeyToAddress } from "../../chain/types/validator.ts";
import { sha256 } from "../crypto.ts";
import type { CommittedBlock, FinalizeBlockResponse } from "../ports.ts";
import type { CommitWaiters } from "./commit-waiters.ts";
import type { Event, EventHub } from "./event-hub.ts";
import { base64, hexUpper, type Json } from "./json.ts";
import {
  omitEmpty,
  renderBlock,
  renderBlockId,
  renderEvent,
  renderEvidence,
  renderFinalizeBlock,
  renderHeader,
  renderTxResultShort,
} from "./render.ts";

type AbciEvent = FinalizeBlockResponse["events"][number];

/** Tells waiters and subscribers of a durable block. Costs next to nothing when there are none. */
export function announceBlock(committed: CommittedBlock, hub: EventHub, waiters: CommitWaiters): void {
  if (hub.clientCount === 0 && waiters.idle) return;
  const { block, response } = committed;
  const { height } = block.header;
  if (hub.clientCount > 0) publishBlock(committed, hub);
  for (const [index, tx] of block.data.txs.entries()) {
    const result = response.txResults[index];
    if (result === undefined) throw new Error(`block ${height} has no result for transaction ${index}`);
    const hash = hexUpper(sha256(tx));
    waiters.settle(hash, { height, result });
    const attributes = flatten(result.events);
    add(attributes, "tm.event", "Tx");
    add(attributes, "tx.hash", hash);
    add(attributes, "tx.height", height.toString());
    const data = (): Json => {
      const common = omitEmpty({ height: height.toString(), index, tx: base64(tx) }) as object;
      return typed("Tx", { TxResult: { ...common, result: renderTxResultShort(result) } });
    };
    hub.publish({ attributes, data });
  }
  if (response.validatorUpdates.length > 0) hub.publish(validatorSetUpdates(response));
}

function publishBlock({ block, blockId, response }: CommittedBlock, hub: EventHub): void {
  const { height } = block.header;
  hub.publish({
    attributes: named("NewBlock", response.events),
    data: () =>
      typed("NewBlock", {
        block: renderBlock(block),
        block_id: renderBlockId(blockId),
        result_finalize_block: renderFinalizeBlock(response),
      }),
  });
  hub.publish({
    attributes: named("NewBlockHeader", []),
    data: () => typed("NewBlockHeader", { header: renderHeader(block.header) }),
  });
  hub.publish({
    attributes: named("NewBlockEvents", response.events),
    data: () =>
      typed("NewBlockEvents", {
        height: height.toString(),
        events: response.events.map(renderEvent),
        num_txs: block.data.txs.length.toString(),
      }),
  });
  for (const evidence of block.evidence.evidence) {
    hub.publish({
      attributes: named("NewEvidence", []),
      data: () => typed("NewEvidence", { height: height.toString(), evidence: renderEvidence(evidence) }),
    });
  }
}

function validatorSetUpdates(response: FinalizeBlockResponse): Event {
  return {
    attributes: named("ValidatorSetUpdates", []),
    data: () =>
      typed("ValidatorSetUpdates", {
        validator_updates: response.validatorUpdates.map(({ pubKey, power }) => ({
          address: hexUpper(publicKeyToAddress(pubKey)),
          pub_key: publicKeyToJson(pubKey),
          voting_power: power.toString(),
          proposer_priority: "0",
        })),
      }),
  };
}

const typed = (event: string, value: Json): Json => ({ type: `tendermint/event/${event}`, value });

function named(event: string, events: readonly AbciEvent[]): Map<string, string[]> {
  const attributes = flatten(events);
  add(attributes, "tm.event", event);
  return attributes;
}

/** "type.key" to all values, in order; empty types and keys cannot be asked for. */
function flatten(events: readonly AbciEvent[]): Map<string, string[]> {
  const flat = new Map<string, string[]>();
  for (const event of events) {
    if (event.type === "") continue;
    for (const { key, value } of event.attributes) if (key !== "") add(flat, `${event.type}.${key}`, value);
  }
  return flat;
}

function add(flat: Map<string, string[]>, name: string, value: string): void {
  const values = flat.get(name);
  if (values === undefined) flat.set(name, [value]);
  else values.push(value);
}
