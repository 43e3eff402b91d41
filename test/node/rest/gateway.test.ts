import { expect, test } from "vitest";
import { silentLogger } from "../../../node/log.ts";
import { answerRest } from "../../../node/rest/gateway.ts";
import { collectRoutes } from "../../../node/rest/routes.ts";
import { BusyError } from "../../../node/work-slices.ts";

const request = {
  method: "GET",
  path: "/cosmos/bank/v1beta1/params",
  query: new URLSearchParams(),
  body: Buffer.alloc(0),
  height: undefined,
};

test("a busy node says 503 and is no defect; a body that cannot have its turn says the same", async () => {
  const defects: unknown[] = [];
  const log = Object.assign(silentLogger(), { error: (...what: unknown[]) => void defects.push(what) });
  const busy = async () => Promise.reject(new BusyError("the node is busy"));
  const needs = { routes: collectRoutes(() => true), application: { query: busy }, slices: { run: busy }, log };
  const answers = [
    await answerRest(needs, request),
    await answerRest(needs, {
      ...request,
      method: "POST",
      path: "/cosmos/tx/v1beta1/txs",
      body: Buffer.from(`{"tx_bytes":"${"A".repeat(20_000)}"}`),
    }),
  ];
  for (const answer of answers) {
    expect([answer?.status, answer?.json]).toEqual([503, { code: 14, message: "the node is busy", details: [] }]);
  }
  expect(defects).toEqual([]);
});
