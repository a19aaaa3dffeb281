/** Puts a `.gz` beside each built file that is worth it; the service sends it to browsers that take it. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const WORTH = /\.(js|css|html|svg|json|yml)$/
const SMALLEST = 1024

const dist = join(import.meta.dirname, 'dist')
const built = readdirSync(dist, { recursive: true }).map((name) => join(dist, name))
for (const path of built.filter((path) => path.endsWith('.gz'))) rmSync(path)
for (const path of built.filter((path) => WORTH.test(path) && statSync(path).size >= SMALLEST)) {
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
}
