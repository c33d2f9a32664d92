import { Analytics } from '@segment/analytics-node'
const [host, key, count] = process.argv.slice(2)
const analytics = new Analytics({ writeKey: key, host, flushAt: 100, flushInterval: 500, maxRetries: 10 })
let failed = 0
analytics.on('error', (e) => { failed++; console.error('error', e.code, e.reason) })
const at = new Date('2026-11-20T10:00:00Z')
const context = { groupId: 'oskelund-foods' }
analytics.identify({ userId: 'osk-0001', traits: { name: 'Ørjan 王小明' }, context, timestamp: at })
analytics.group({ userId: 'osk-0001', groupId: 'oskelund-foods', traits: { plan: 'gold' }, timestamp: at })
analytics.page({ userId: 'osk-0001', name: 'Board', context, timestamp: at })
analytics.screen({ userId: 'osk-0001', name: 'Board', context, timestamp: at })
analytics.alias({ userId: 'osk-0001', previousId: 'anonymous-1' })
for (let n = 0; n < Number(count); n++)
  analytics.track({ userId: 'osk-0001', event: 'Order Created', properties: { n, duration_seconds: 12 }, context, timestamp: at, messageId: `node-${n}` })
await analytics.closeAndFlush({ timeout: 20000 })
console.log(JSON.stringify({ sent: Number(count) + 5, failed }))
