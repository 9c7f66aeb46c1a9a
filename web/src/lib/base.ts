/** Where all addresses of this server begin: `/`, or `/TOKEN/` where it listens to more than this machine. */
const BASE = new URL(document.baseURI).pathname;

/** The address under which the server knows `/...`. */
export function at(address: string): string {
  return BASE + address.slice(1);
}

/** A path of the browser as the pages know it: the other way round. */
export function within(pathname: string): string {
  return pathname.startsWith(BASE) ? `/${pathname.slice(BASE.length)}` : pathname;
}
