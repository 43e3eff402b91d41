// A mempool's options for tests that are about something else: room for whatever they send.

import type { MempoolOptions } from "../../../node/mempool/mempool.ts";

export const roomyMempool: MempoolOptions = {
  maximumTransactions: 20,
  maximumTransactionsBytes: 1_000_000,
  maximumTransactionBytes: 10_000,
  maximumPerSigner: 20,
  cacheSize: 100,
  recheck: true,
  keepInvalidInCache: false,
  timeToLiveBlocks: 0n,
  timeToLiveMs: 0,
  recheckBudgetMs: 100,
  recheckSliceMs: 20,
  recheckPauseMs: 1,
  feeDenom: "uopen",
};
