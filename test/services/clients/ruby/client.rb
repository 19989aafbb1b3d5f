# frozen_string_literal: true

# Plays Lambda's runtime of Ruby, whose gem Debian does not have: it gets events from the Runtime API, and sends the handler's
# answers there. It finds the handler as the gem does. See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html and
# https://github.com/aws/aws-lambda-ruby-runtime-interface-client/blob/main/lib/aws_lambda_ric/lambda_handler.rb.

require 'json'
require 'net/http'

file, *object, method = ARGV.fetch(0).split('.')
$LOAD_PATH.unshift(Dir.pwd)
require file

host, port = ENV.fetch('AWS_LAMBDA_RUNTIME_API').split(':')
api = Net::HTTP.start(host, port, read_timeout: nil)
loop do
  event = api.get('/2018-06-01/runtime/invocation/next')
  request = "/2018-06-01/runtime/invocation/#{event['Lambda-Runtime-Aws-Request-Id']}"
  begin
    target = object.empty? ? self : Object.const_get(object.first)
    answer = target.send(method, event: JSON.parse(event.body), context: nil)
    api.post("#{request}/response", JSON.generate(answer))
  rescue StandardError => e
    api.post("#{request}/error", JSON.generate(errorType: e.class.name, errorMessage: e.message))
  end
end
