/** A URL of https with a host and a path and, where `allowsQuery` says so, a query: no port, no user, no hash; spelled as URLs are normally written. */
export function readExactUrl(text: string, allowsQuery: boolean): URL | undefined {
  const url = URL.parse(text)
  const isExact =
    url !== null &&
    url.href === text &&
    url.protocol === 'https:' &&
    url.port + url.username + url.password === ''
  return isExact && url.hash === '' && !text.includes('#') && (allowsQuery || !text.includes('?'))
    ? url
    : undefined
}
