// Owns what flows to an account without a settlement of its own: the lineage of its records, and the backing of models. The
// chain keeps accumulators; an account's records and backings are found by the events that made them.
import { isEarning } from "../../modules/datanet/keeper.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { inTurns } from "../in-turns.ts";
import { QueryError, type RpcClient } from "../rpc-client.ts";
import type { Json } from "../yaml.ts";
import { eventsAbout } from "./events.ts";
import { maxRecords, maxVersions, queriesAtOnce } from "./limits.ts";

type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** What the account's records have earned by lineage and scores, and nobody has credited yet, by datanet version. */
export async function lineageEarnings(client: RpcClient, address: string, limit: number): Promise<readonly Json[]> {
  const records = await earningRecords(client, address, limit);
  const earned = await inTurns(records, queriesAtOnce, ({ datanetId, number }) =>
    client.query(
      "/tributary.attribution.v1.Query/LineagePools",
      "tributary.attribution.v1.QueryLineagePoolsRequest",
      "tributary.attribution.v1.QueryLineagePoolsResponse",
      { datanetId, number, pagination: { limit: maxVersions } },
    ),
  );
  const versions = new Map<
    string,
    { pool: RecordId & { recordCount: bigint }; numbers: bigint[]; sum: bigint; denom: string }
  >();
  for (const [i, { earnings }] of earned.entries()) {
    const { datanetId, number } = records[i]!;
    for (const { pool, pending } of earnings) {
      if (pending.amount === "0") continue;
      const name = `${datanetId}/${pool.recordCount}`;
      const made = {
        pool: { datanetId, number, recordCount: pool.recordCount },
        numbers: [],
        sum: 0n,
        denom: pending.denom,
      };
      const version = versions.get(name) ?? made;
      version.numbers.push(number);
      version.sum += BigInt(pending.amount);
      versions.set(name, version);
    }
  }
  return Array.from(versions.values(), ({ pool, numbers, sum, denom }) => ({
    datanet_id: pool.datanetId.toString(),
    record_count: pool.recordCount.toString(),
    records: numbers.map(String),
    pending: `${sum}${denom}`,
  }));
}

/** Records of the account that may earn: what others have earned since is their datanet's. */
async function earningRecords(client: RpcClient, address: string, limit: number): Promise<readonly RecordId[]> {
  const events = await eventsAbout(client, "record_accepted", "contributor", address, limit);
  const accepted = new Map(
    events.map(({ attributes }): [string, RecordId] => {
      const [datanetId, number] = [attributes.get("datanet_id") ?? "0", attributes.get("number") ?? "0"];
      return [`${datanetId}/${number}`, { datanetId: BigInt(datanetId), number: BigInt(number) }];
    }),
  );
  const found = await inTurns([...accepted.values()].slice(0, maxRecords), queriesAtOnce, (id) =>
    client.query(
      "/tributary.datanet.v1.Query/Record",
      "tributary.datanet.v1.QueryRecordRequest",
      "tributary.datanet.v1.QueryRecordResponse",
      id,
    ),
  );
  // An earlier commitment may have taken a record over since.
  return found.map(({ record }) => record).filter((record) => record.contributor === address && isEarning(record));
}

/** What the account has in models it backs, and what that has earned and was not claimed yet. */
export async function backingEarnings(client: RpcClient, address: string, limit: number): Promise<readonly Json[]> {
  const events = await eventsAbout(client, "model_backed", "backer", address, limit);
  const modelIds = [...new Set(events.map(({ attributes }) => attributes.get("model_id") ?? "0"))].map(BigInt);
  const rows = await inTurns(modelIds, queriesAtOnce, async (modelId): Promise<Json | undefined> => {
    try {
      const { worth, claimable } = await client.query(
        "/tributary.model.v1.Query/Position",
        "tributary.model.v1.QueryPositionRequest",
        "tributary.model.v1.QueryPositionResponse",
        { modelId, backer: address },
      );
      const text = (coin: { amount: string; denom: string }): string => `${coin.amount}${coin.denom}`;
      return { model_id: modelId.toString(), worth: text(worth), pending: text(claimable) };
    } catch (error) {
      // What was taken back as a whole is no position any more.
      if (error instanceof QueryError) return undefined;
      throw error;
    }
  });
  return rows.filter((row) => row !== undefined);
}
