// Segment's client for Node: node segment.mjs HOST KEY ACCOUNT DAY COUNT
import { Analytics } from '@segment/analytics-node'

const [host, writeKey, groupId, day, count] = process.argv.slice(2)
const analytics = new Analytics({ writeKey, host, flushAt: 100 })
let failed = 0
analytics.on('error', () => { failed += 1 })
const timestamp = new Date(`${day}T12:00:00Z`)
const context = { groupId }
const userId = 'osk-0001'
analytics.identify({ userId, traits: { name: 'Ørjan 王小明' }, context, timestamp })
analytics.group({ userId, groupId, traits: { plan: 'gold' }, timestamp })
analytics.alias({ userId, previousId: 'anonymous-1' })
analytics.page({ userId, name: 'Board', context, timestamp })
analytics.screen({ userId, name: 'Board', context, timestamp })
for (let n = 0; n < Number(count); n++)
  analytics.track({ userId, event: 'Order Created', properties: { n }, context, timestamp })
await analytics.closeAndFlush({ timeout: 30000 })
console.log(JSON.stringify({ failed }))
