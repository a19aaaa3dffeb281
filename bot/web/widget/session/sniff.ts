const SIGNATURES: [type: string, signature: RegExp][] = [
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/png', /^\x89PNG/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF.{4}WEBP/s],
  ['application/pdf', /^%PDF/],
  ['video/mp4', /^.{4}ftyp(?!hei|hev|mif|msf|avi|qt)/s], // the brands of pictures and of QuickTime begin alike
]

/** The media type of a file by what is in it, whatever it is called; null for what the service does not take. */
export async function sniff(file: Blob): Promise<string | null> {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()))
  return SIGNATURES.find(([, signature]) => signature.test(head))?.[0] ?? null
}
