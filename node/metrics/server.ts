/**
 * Owns the port on which metrics are read. Does not own them.
 */

import { createServer } from "node:http";
import type { Registry } from "prom-client";
import { closeServer, type ListenAddress, listen } from "../listen.ts";

/** What `startMetricsServer` is told. */
export interface MetricsServerOptions {
  readonly address: ListenAddress;
  /** Readers served at one time; more are asked to come again. */
  readonly maximumReaders: number;
}

/** A running server. */
export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Binds the port. Rejects with a ListenError when it cannot be had. */
export async function startMetricsServer(
  { address, maximumReaders }: MetricsServerOptions,
  registry: Pick<Registry, "metrics" | "contentType">,
): Promise<MetricsServer> {
  let readers = 0;
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const path = (request.url ?? "").split("?")[0];
    const plain = { "Content-Type": "text/plain; charset=utf-8" };
    if (path !== "/metrics") {
      response.writeHead(404, plain).end("metrics are at /metrics\n");
      return;
    }
    if (maximumReaders > 0 && readers >= maximumReaders) {
      response.writeHead(503, plain).end(`${readers} readers are being served; come again\n`);
      return;
    }
    readers += 1;
    response.once("close", () => {
      readers -= 1;
    });
    registry.metrics().then(
      (text) => response.writeHead(200, { "Content-Type": registry.contentType }).end(text),
      () => response.writeHead(500, plain).end("the metrics could not be read\n"),
    );
  });
  server.timeout = 30_000;
  server.maxConnections = 100;
  const setting = "[instrumentation] prometheus_listen_addr in config.toml";
  const bound = await listen(server, address, "Metrics", setting);
  const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return { url: `http://${host}:${bound.port}/metrics`, close: () => closeServer(server) };
}
