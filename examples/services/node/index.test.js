'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { handler } = require('.');

const payment = { idempotencyKey: 'order-0001', amount: 1250, currency: 'EUR', source: 'tok_4f9aQx72' };

async function send(body) {
  const { statusCode, body: answer } = await handler({ body: JSON.stringify(body) });
  return { statusCode, ...JSON.parse(answer) };
}

test('accepts a payment, under the same id each time', async () => {
  process.env.VERSION = 'blue';
  const first = await send(payment);
  assert.equal(first.statusCode, 202);
  assert.equal(first.version, 'blue');
  assert.match(first.id, /^pay_[0-9a-f]{32}$/);
  assert.deepEqual(await send(payment), first);
  assert.notEqual((await send({ ...payment, idempotencyKey: 'order-0002' })).id, first.id);
});

for (const [field, values] of Object.entries({
  idempotencyKey: [undefined, 'short', 'order 0001', 12345678],
  amount: [undefined, 0, 12.5, 1_000_001, '1250', true],
  currency: [undefined, 'eur', 'XXX'],
  source: [undefined, 'tok_', '4111111111111111', '4111 1111-1111 1111', 'tok_4111111111111111'],
})) {
  test(`refuses a wrong ${field}`, async () => {
    for (const value of values) {
      const { statusCode, errors } = await send({ ...payment, [field]: value });
      assert.equal(statusCode, 400);
      assert.deepEqual(errors.map((e) => e.field), [field]);
    }
  });
}

test('refuses what is not an object', async () => {
  for (const body of [undefined, 'no JSON', '[]', 'null']) {
    assert.equal((await handler({ body })).statusCode, 400);
  }
});
