# frozen_string_literal: true

require 'minitest/autorun'
require_relative '../app'

# The handler as Lambda calls it.
class AppTest < Minitest::Test
  PAYMENT = { idempotencyKey: 'order-0001', amount: 1250, currency: 'EUR', source: 'tok_4f9aQx72' }.freeze

  WRONG = {
    idempotencyKey: [nil, 'short', 'order 0001', "order-0001\n", 12_345_678],
    amount: [nil, 0, 12.5, 1_000_001, '1250', true],
    currency: [nil, 'eur', 'XXX'],
    source: [nil, 'tok_', '4111111111111111', '4111 1111-1111 1111', 'tok_4111111111111111']
  }.freeze

  def setup
    ENV['VERSION'] = 'blue'
  end

  def send_payment(**changes)
    answer = handler(event: { 'body' => JSON.generate(PAYMENT.merge(changes)) }, context: nil)
    [answer[:statusCode], JSON.parse(answer[:body])]
  end

  def test_accepts_under_the_same_id_each_time
    status, first = send_payment
    assert_equal [202, 'blue', 'accepted'], [status, first['version'], first['status']]
    assert_equal [status, first], send_payment
    refute_equal first['id'], send_payment(idempotencyKey: 'order-0002').last['id']
  end

  WRONG.each do |field, values|
    define_method("test_refuses_wrong_#{field}") do
      values.each do |value|
        status, answer = send_payment(field => value)
        assert_equal [400, [field.to_s]], [status, answer['errors'].map { |e| e['field'] }], value.inspect
      end
    end
  end

  def test_refuses_what_is_not_an_object
    [{}, { 'body' => nil }, { 'body' => 'no JSON' }, { 'body' => '[]' }].each do |event|
      assert_equal 400, handler(event:, context: nil)[:statusCode]
    end
  end
end
