/**
 * Owns what the configuration says of contributed texts, and joining their parts in a running node: the folder, the exchange with peers, and
 * the datanets that are followed. Does not own the parts.
 */

import { decode, encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { ConfigError, type NodeConfig } from "../config.ts";
import { nodePaths } from "../home.ts";
import type { Logger } from "../log.ts";
import type { PeerNetwork } from "../p2p/network.ts";
import type { Application } from "../ports.ts";
import { BlockStore } from "./block-store.ts";
import { BlockExchange } from "./exchange.ts";
import { Following } from "./following.ts";

/** The part of a running node that keeps texts. */
export interface DataService {
  /** Resolves when nothing is being written any more. */
  stop(): Promise<void>;
}

/** Opens the folder, answers peers and follows datanets; undefined when the budget is zero. Throws ConfigError. */
export async function openData(
  options: { readonly config: NodeConfig; readonly home: string; readonly log: Logger },
  needs: { readonly network: PeerNetwork; readonly application: Pick<Application, "query"> },
): Promise<DataService | undefined> {
  const { config, home } = options;
  const log = options.log.child({ module: "data" });
  const datanets = datanetsOf(config);
  if (config.dataBudgetBytes === 0) return undefined;
  const store = await BlockStore.open({ folder: nodePaths(home).blocks, budgetBytes: config.dataBudgetBytes });
  const peers = () => needs.network.peers();
  const exchange = new BlockExchange({ store, requests: needs.network.requests, peers, log });
  exchange.serve();
  if (datanets.length === 0) return { stop: async () => undefined };
  const following = new Following(datanets, {
    store,
    exchange,
    peers,
    log,
    record: (datanetId, number) => recordOf(needs.application, datanetId, number),
  });
  following.start();
  return { stop: () => following.stop() };
}

/** The numbers in `data.datanets`. Throws ConfigError. */
function datanetsOf({ dataBudgetBytes, dataDatanets }: NodeConfig): readonly bigint[] {
  const wrong = dataDatanets.find((text) => !/^[1-9]\d{0,18}$/.test(text));
  if (wrong !== undefined) {
    throw new ConfigError(
      `config.toml: data.datanets holds ${JSON.stringify(wrong)}, but must hold numbers of datanets. Nothing was changed.`,
    );
  }
  if (dataDatanets.length > 0 && dataBudgetBytes === 0) {
    throw new ConfigError(
      "config.toml: data.datanets names datanets, but data.budget_bytes is 0: there is no room for their texts. Nothing was changed.",
    );
  }
  return [...new Set(dataDatanets)].map(BigInt);
}

/** A record of the last block's state; undefined when there is none of that number yet. */
function recordOf(
  application: Pick<Application, "query">,
  datanetId: bigint,
  number: bigint,
): Messages["tributary.datanet.v1.Record"] | undefined {
  const data = encode("tributary.datanet.v1.QueryRecordRequest", { datanetId, number });
  const path = "/tributary.datanet.v1.Query/Record";
  const { code, value } = application.query({ path, data, height: 0n, prove: false });
  return code === 0 ? decode("tributary.datanet.v1.QueryRecordResponse", value).record : undefined;
}
