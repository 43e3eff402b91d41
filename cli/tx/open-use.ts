// Owns what a user is told before a use is opened: who will serve it, and for how much. The chain chooses, and names the host in its answer.
import { coinFromMessage, formatCoin } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { notice } from "../output.ts";
import { QueryError, RpcClient } from "../rpc-client.ts";
import type { Settings } from "../settings.ts";

/** Says where a use of a model would go now. Says nothing of what the chain will refuse, since the refusal says why, nor where no node is asked. */
export async function tellHost(
  settings: Settings,
  use: Messages["tributary.attribution.v1.MsgOpenUse"],
): Promise<void> {
  if (use.modelId === 0n || settings.isSet("offline") || settings.isSet("generate-only")) return;
  const { modelId, host, maxUnits, maxFee } = use;
  try {
    const quote = await new RpcClient(settings.nodeUrl()).query(
      "/tributary.attribution.v1.Query/QuoteUse",
      "tributary.attribution.v1.QueryQuoteUseRequest",
      "tributary.attribution.v1.QueryQuoteUseResponse",
      { modelId, host, maxUnits, maxFee },
    );
    notice(`${quote.host} serves it, for ${formatCoin(coinFromMessage(quote.fee))}`);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
  }
}
