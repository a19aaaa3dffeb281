// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Card } from '../widget/protocol'
import { evidenceName } from '../widget/session/evidence-name'
import { sniff } from '../widget/session/sniff'
import { merge } from '../widget/session/timeline'
import { AT_ONCE, MAX_FILES, UploadTray } from '../widget/session/uploads'
import { texts } from '../widget/texts'

const JPEG = [0xff, 0xd8, 0xff, 0xe0]
const latin = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0))
const file = (bytes: number[], name = 'a.jpg', size = 0): File => new File([new Uint8Array(bytes), new Uint8Array(size)], name)

describe('a file is what is in it', () => {
  test.each([
    ['a photograph', JPEG, 'image/jpeg'],
    ['a screenshot', [0x89, ...latin('PNG\r\n')], 'image/png'],
    ['a picture that moves', latin('GIF89a'), 'image/gif'],
    ['a WebP picture', [...latin('RIFF'), 1, 2, 3, 10, ...latin('WEBP')], 'image/webp'],
    ['a document', latin('%PDF-1.7'), 'application/pdf'],
    ['a video', [0, 0, 0, 24, ...latin('ftypisom')], 'video/mp4'],
    ['a HEIC picture', [0, 0, 0, 24, ...latin('ftypheic')], null],
    ['a page that calls itself a picture', latin('<html>'), null],
    ['nothing', [], null],
  ])('%s', async (_name, bytes, type) => {
    expect(await sniff(file(bytes))).toBe(type)
  })
})

describe('the name of what proves a matter', () => {
  const told = (...cards: Card[]) => merge([], [{ seq: 1, role: 'bot', text: '', at: '', cards }])
  const order: Card = { type: 'order', title: 'cup', ref: '2026000000000101' }

  test('is the order and the matter', () => {
    const entries = told(order, { type: 'refund', title: 'refund' })
    expect(evidenceName(entries, { name: 'IMG_1.JPG' })).toBe(`2026000000000101${texts.upload.matters.refund}.JPG`)
  })

  test('is its own while no order is known, or several are only offered', () => {
    expect(evidenceName(told({ ...order, payload: '/choose' }), { name: 'a.jpg' })).toBeNull()
    expect(evidenceName([], { name: 'a.jpg' })).toBeNull()
  })
})

describe('the tray', () => {
  let server: Server
  let held: (() => void)[]
  let names: string[]
  let tray: UploadTray
  let status: number

  beforeEach(async () => {
    held = []
    names = []
    status = 201
    server = createServer((request, response) => {
      let body = ''
      request.setEncoding('latin1')
      request.on('data', (part: string) => (body += part))
      request.on('end', () => {
        response.setHeader('Access-Control-Allow-Origin', '*')
        response.setHeader('Access-Control-Allow-Headers', '*')
        if (request.method === 'OPTIONS') {
          response.end()
          return
        }
        names.push(/name="name"\r\n\r\n(.*)\r\n/.exec(body)?.[1] ?? '')
        const id = String(names.length)
        held.push(() => {
          response.writeHead(status, { 'Content-Type': 'application/json' })
          response.end(JSON.stringify({ id, type: 'image/jpeg', url: `/${id}` }))
        })
      })
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    tray = new UploadTray({ server: () => origin, bearer: () => 'visitor', name: () => 'order-matter.jpg' })
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  const states = () => tray.items.map(({ state }) => state)
  const arrived = (count: number) =>
    vi.waitFor(() => {
      expect(held).toHaveLength(count)
    }, 3_000)

  test('sends three at the same time, the next when one is done, and gives all to one message', async () => {
    await tray.add([1, 2, 3, 4].map(() => file(JPEG)))
    await arrived(AT_ONCE)
    expect(states()).toEqual(['uploading', 'uploading', 'uploading', 'waiting'])
    expect(tray.ready.value).toBe(false)
    held.splice(0).forEach((answer) => {
      answer()
    })
    await arrived(1)
    held[0]?.()
    await vi.waitFor(() => {
      expect(tray.ready.value).toBe(true)
    })
    expect(names).toEqual(Array(4).fill('order-matter.jpg'))
    expect(tray.take()).toHaveLength(4)
    expect(tray.items).toHaveLength(0)
  })

  test('refuses before sending what is no picture, too large, or one too many', async () => {
    await tray.add([file(latin('<html>'))])
    expect(tray.problem).toBe('type')
    await tray.add([file(JPEG, 'a.jpg', 8 * 1024 * 1024)])
    expect([tray.problem, tray.limit]).toEqual(['size', 8])
    await tray.add(Array.from({ length: MAX_FILES + 1 }, () => file(JPEG)))
    expect([tray.problem, tray.items.length]).toEqual(['count', MAX_FILES])
    tray.clear()
  })

  test('tries again what failed, and calls back what is taken out', async () => {
    status = 500
    await tray.add([file(JPEG)])
    await arrived(1)
    held[0]?.()
    await vi.waitFor(() => {
      expect(states()).toEqual(['failed'])
    })
    expect(tray.problem).toBe('failed')
    const key = tray.items[0]?.key ?? ''
    tray.retry(key)
    expect([states(), tray.problem]).toEqual([['uploading'], null])
    await arrived(2)
    tray.remove(key)
    expect(tray.items).toHaveLength(0)
  })
})
