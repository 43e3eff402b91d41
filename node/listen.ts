/**
 * Owns listening addresses: reading them from configuration (`tcp://host:port`), binding with one clear line when that
 * fails, and closing a server without waiting for idle clients. Does not own what is served.
 */

import type { Server } from "node:http";
import type { AddressInfo, Server as NetServer } from "node:net";

/** Where to listen. Port 0 lets the system choose. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A port that cannot be had; the message says what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** Reads `tcp://127.0.0.1:26657`, `127.0.0.1:26657` or `tcp://[::1]:26657`. Throws ListenError naming `setting`. */
export function parseListenAddress(text: string, setting: string): ListenAddress {
  const match = /^(?:tcp:\/\/)?(\[[0-9a-fA-F:.]+\]|[^:/[\]]*):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    throw new ListenError(`${setting}: "${text}" is not an address; write it as tcp://127.0.0.1:26657`);
  }
  const host = (match[1] ?? "").replace(/^\[|\]$/g, "");
  return { host: host === "" ? "0.0.0.0" : host === "localhost" ? "127.0.0.1" : host, port };
}

/** Binds the server. Rejects with a ListenError that names the port, the likely cause and the setting to change. */
export async function listen(
  server: NetServer,
  address: ListenAddress,
  service: string,
  setting: string,
): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(explain(error, address, service, setting));
    server.once("error", refuse);
    server.listen(address.port, address.host, () => {
      server.off("error", refuse);
      resolve();
    });
  });
  return server.address() as AddressInfo;
}

function explain(error: NodeJS.ErrnoException, address: ListenAddress, service: string, setting: string): ListenError {
  const where = `${address.host}:${address.port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return new ListenError(
        `${service}: ${where} is in use, perhaps by another node. Stop it, or set ${setting}. Nothing was lost.`,
      );
    case "EACCES":
      return new ListenError(
        `${service}: not allowed to listen on ${where}. Choose a port above 1023 with ${setting}.`,
      );
    case "EADDRNOTAVAIL":
      return new ListenError(`${service}: this machine has no address ${address.host}. Set ${setting}.`);
    default:
      return new ListenError(`${service}: cannot listen on ${where}: ${error.message}. See ${setting}.`);
  }
}

/** Stops accepting, ends idle connections at once and busy ones after a short grace. */
export async function closeServer(server: Server, graceMs = 1_000): Promise<void> {
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
