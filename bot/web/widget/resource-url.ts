const SHOWN_PROTOCOLS = ['http:', 'https:', 'blob:']

/** The absolute address of a picture, relative ones against the service; null for what must not be shown. */
export function resourceUrl(server: string, url: string): string | null {
  if (/^data:image\/(png|jpeg|gif|webp);/i.test(url)) return url
  try {
    const resolved = new URL(url, `${server}/`)
    return SHOWN_PROTOCOLS.includes(resolved.protocol) ? resolved.href : null
  } catch {
    return null
  }
}
