// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest'
import { Socket } from '../widget/session/engine'
import { Service } from './service'

test('a connection that is given up while it is being opened is closed when it is open', async () => {
  const service = await Service.start()
  const closedAt: number[] = []
  const close = WebSocket.prototype.close
  vi.spyOn(WebSocket.prototype, 'close').mockImplementation(function (this: WebSocket) {
    closedAt.push(this.readyState)
    close.call(this)
  })
  const given = vi.fn()
  const connection = new Socket(service.origin, {})
  connection.on('error', given)
  connection.close()
  expect(given).toHaveBeenCalledOnce()
  await vi.waitFor(() => {
    expect(closedAt).toEqual([WebSocket.OPEN])
  })
  await service.stop()
})
