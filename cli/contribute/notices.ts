// Owns telling a contributor of takedown notices about its records that wait for its answer. It answers none.
import { NoticeStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { RpcClient } from "../rpc-client.ts";
import { noticesPerPage } from "./limits.ts";

type Notice = Messages["tributary.datanet.v1.Notice"];

/** A sentence for every notice about a record of the account that it has not answered. */
export async function ownNotices(client: RpcClient, datanetId: bigint, address: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const notice of openNotices(client, datanetId)) {
    const { number, id, reason, bond } = notice;
    const { record } = await client.query(
      "/tributary.datanet.v1.Query/Record",
      "tributary.datanet.v1.QueryRecordRequest",
      "tributary.datanet.v1.QueryRecordResponse",
      { datanetId, number },
    );
    if (record.contributor !== address) continue;
    lines.push(
      `your record ${datanetId}/${number} (${record.name}) earns nothing: notice ${id} claims it (${JSON.stringify(reason)}); answer with ` +
        `tributaryd tx datanet counter-notice ${id} '<why it is yours>', bonded with ${bond}, which you get back with the claimant's if you are right`,
    );
  }
  return lines;
}

/** The notices of a datanet that nobody has answered. */
async function* openNotices(client: RpcClient, datanetId: bigint): AsyncGenerator<Notice> {
  for (let key: Uint8Array = new Uint8Array(); ; ) {
    const { notices, pagination } = await client.query(
      "/tributary.datanet.v1.Query/Notices",
      "tributary.datanet.v1.QueryNoticesRequest",
      "tributary.datanet.v1.QueryNoticesResponse",
      { datanetId, pagination: { key, limit: noticesPerPage } },
    );
    yield* notices.filter(({ status }) => status === NoticeStatus.NOTICE_STATUS_OPEN);
    key = pagination?.nextKey ?? new Uint8Array();
    if (key.length === 0) return;
  }
}
