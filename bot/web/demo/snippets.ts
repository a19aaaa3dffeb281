/** What a shop writes to embed the widget. */

export const tag = (origin: string): string => `<script
  src="${origin}/widget.js"
  data-shop="my-shop"
  async></script>
`

/** What a page with a strict policy has to allow. */
export const policy = (origin: string): string => `script-src ${origin};
connect-src ${origin} ${origin.replace('http', 'ws')};
img-src ${origin} blob: data:
`

export const python = `# pip install PyJWT
import os, time
import jwt

def chat_token(customer_id: str) -> str:
    now = int(time.time())
    claims = {"customer_id": customer_id, "iat": now, "exp": now + 3600}
    return jwt.encode(claims, os.environ["IDENTITY_SECRET"], algorithm="HS256")
`

export const node = `// npm install jsonwebtoken
import jwt from 'jsonwebtoken'

export function chatToken(customerId) {
  return jwt.sign({ customer_id: customerId }, process.env.IDENTITY_SECRET, {
    algorithm: 'HS256',
    expiresIn: '1h',
  })
}
`

export const script = `ShopChat.identify(token)

ShopChat.product({
  sku: 'MUG',
  name: document.title,
  price: '39.90',
  url: location.href,
})

ShopChat.on('unread', (count) => {
  badge.textContent = count || ''
})

helpButton.onclick = () => ShopChat.open()
`
