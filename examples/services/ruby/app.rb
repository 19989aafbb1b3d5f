# frozen_string_literal: true

require 'digest'
require 'json'
require_relative 'payment'

# Answers a request of API Gateway or of a function URL.
def handler(event:, context:) # rubocop:disable Lint/UnusedMethodArgument -- Lambda passes a context.
  payment = parse(event['body'])
  errors = Payment.check(payment)
  return answer(400, errors:) unless errors.empty?

  id = "pay_#{Digest::SHA256.hexdigest(payment['idempotencyKey'])[0, 32]}"
  answer(202, id:, status: 'accepted')
end

def parse(body)
  JSON.parse(body)
rescue JSON::ParserError, TypeError
  nil
end

def answer(status, content)
  {
    statusCode: status,
    headers: { 'content-type' => 'application/json' },
    body: JSON.generate({ version: ENV.fetch('VERSION'), **content })
  }
end
