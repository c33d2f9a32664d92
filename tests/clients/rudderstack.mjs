// RudderStack's client for Node: node rudderstack.mjs HOST KEY ACCOUNT DAY COUNT
import RudderAnalytics from '@rudderstack/rudder-sdk-node'

const [dataPlaneUrl, writeKey, groupId, day, count] = process.argv.slice(2)
const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl, flushAt: 100, flushInterval: 300 })
const timestamp = new Date(`${day}T12:00:00Z`)
const context = { groupId }
const userId = 'osk-0001'
let failed = 0
const sent = []
const send = (kind, message) => sent.push(new Promise((done) => {
  analytics[kind](message, (wrong) => { failed += wrong ? 1 : 0; done() })
}))
send('identify', { userId, traits: { name: 'Ørjan 王小明' }, context, timestamp })
send('group', { userId, groupId, traits: { plan: 'gold' }, timestamp })
send('alias', { userId, previousId: 'anonymous-1' })
send('page', { userId, name: 'Board', context, timestamp })
send('screen', { userId, name: 'Board', context, timestamp })
send('track', { anonymousId: 'anonymous-1', event: 'Order Created', timestamp })
for (let n = 0; n < Number(count); n++)
  send('track', { userId, event: 'Order Created', properties: { n }, context, timestamp })
await Promise.all(sent)
console.log(JSON.stringify({ failed }))
process.exit(0)
