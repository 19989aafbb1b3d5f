package fakeaws

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
)

// maxMessage is how many bytes a message may have. See https://docs.aws.amazon.com/sns/latest/api/API_Publish.html.
const maxMessage = 256 << 10

// SNS publishes to one topic.
type SNS struct {
	cloud    *Cloud
	messages []string
}

// Messages that were published, in order.
func (s *SNS) Messages() []string {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	return append([]string(nil), s.messages...)
}

func (s *SNS) publish(r request) (string, any, error) {
	form, err := url.ParseQuery(string(r.body))
	if err != nil {
		return "", nil, s.cloud.unexpected("cannot read request: %v", err)
	}
	arn, message := form.Get("TopicArn"), form.Get("Message")
	if form.Get("Action") != "Publish" || len(form) != 4 {
		return arn, nil, s.cloud.unexpected("unknown operation: %s", r.body)
	}
	if arn != s.cloud.arn("sns", s.cloud.setup.Topic) {
		return arn, nil, &Fault{Status: http.StatusNotFound, Code: "NotFound", Message: "Topic does not exist"}
	}
	if message == "" {
		return arn, nil, &Fault{Status: http.StatusBadRequest, Code: "InvalidParameter", Message: "Invalid parameter: Empty message"}
	}
	if len(message) > maxMessage {
		return arn, nil, &Fault{Status: http.StatusBadRequest, Code: "InvalidParameter", Message: "Invalid parameter: Message too long"}
	}
	s.messages = append(s.messages, message)
	type result struct {
		MessageID string `xml:"MessageId"`
	}
	return arn, xmlBody{struct {
		XMLName xml.Name `xml:"PublishResponse"`
		Result  result   `xml:"PublishResult"`
	}{Result: result{MessageID: fmt.Sprintf("message-%d", len(s.messages))}}}, nil
}

// An xmlBody is written as XML, as SNS answers.
type xmlBody struct{ body any }

// xmlError is how SNS answers with an error.
type xmlError struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}
