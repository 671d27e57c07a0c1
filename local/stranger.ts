import type { IncomingHttpHeaders } from 'node:http'

const HERE = ['127.0.0.1', 'localhost', '[::1]']

/**
 * By which header a request betrays that it comes from a page of somebody else, which a browser on this machine has open: such
 * pages can reach 127.0.0.1 too, and here nobody is asked who he is. Undefined where nothing speaks against it.
 */
export function strangerIn({ host, origin }: IncomingHttpHeaders): 'host' | 'origin' | undefined {
  if (host !== undefined && !isHere(`http://${host}`)) return 'host'
  return origin === undefined || isHere(origin) ? undefined : 'origin'
}

function isHere(url: string): boolean {
  return HERE.includes(URL.parse(url)?.hostname ?? '')
}
