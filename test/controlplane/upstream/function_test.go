package upstream

import (
	"context"
	"sync"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/request"
	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/resource/composed"
	"github.com/crossplane/function-sdk-go/response"
)

// echo is a function that desires a ConfigMap of the composite resource's name. Its answers can be held back.
type echo struct {
	fnv1.UnimplementedFunctionRunnerServiceServer

	// answers may pass while nobody has locked it.
	answers sync.RWMutex

	// waiting is how many answers are held back.
	waiting atomic.Int64
}

// RunFunction desires the ConfigMap, with the UID that it has if the composite resource says so.
func (e *echo) RunFunction(_ context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	rsp := response.To(req, response.DefaultTTL)
	xr, err := request.GetObservedCompositeResource(req)
	if err != nil {
		return nil, err
	}
	observed, err := request.GetObservedComposedResources(req)
	if err != nil {
		return nil, err
	}
	desired := composed.New()
	desired.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
	desired.SetNamespace(xr.Resource.GetNamespace())
	desired.SetName(xr.Resource.GetName())
	if echoUID, _ := xr.Resource.GetBool("spec.echoUID"); echoUID {
		if o, exists := observed["echo"]; exists {
			desired.SetUID(o.Resource.GetUID())
		}
	}
	if err := response.SetDesiredComposedResources(rsp, map[resource.Name]*resource.DesiredComposed{
		"echo": {Resource: desired, Ready: resource.ReadyTrue},
	}); err != nil {
		return nil, err
	}

	e.waiting.Add(1)
	e.answers.RLock()
	e.waiting.Add(-1)
	defer e.answers.RUnlock()
	return rsp, nil
}
