// SPDX-License-Identifier: Apache-2.0

// A client of KubeArmor's own published Go module, to show that such clients work unchanged.
//
//	stock-client ADDRESS alerts|logs|messages FILTER COUNT
//	stock-client ADDRESS container-policy|host-policy ADDED|MODIFIED|DELETED FILE
//	stock-client ADDRESS probe
//	stock-client ADDRESS state
//	stock-client ADDRESS watch-state COUNT
//	stock-client ADDRESS health NONCE
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	pb "github.com/kubearmor/KubeArmor/protobuf"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

const timeout = 60 * time.Second

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("expected an address and a command, got %d arguments", len(args))
	}
	connection, err := grpc.Dial(args[0], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	switch command, rest := args[1], args[2:]; command {
	case "alerts", "logs", "messages":
		return watch(ctx, connection, command, rest[0], rest[1])
	case "container-policy", "host-policy":
		return push(ctx, connection, command, rest[0], rest[1])
	case "probe":
		data, err := pb.NewProbeServiceClient(connection).GetProbeData(ctx, &emptypb.Empty{})
		return printOr(data, err)
	case "state":
		return getState(ctx, connection)
	case "watch-state":
		return watchState(ctx, connection, rest[0])
	case "health":
		nonce, _ := strconv.Atoi(rest[0])
		reply, err := pb.NewLogServiceClient(connection).HealthCheck(ctx, &pb.NonceMessage{Nonce: int32(nonce)})
		return printOr(reply, err)
	default:
		return fmt.Errorf("unknown command %s", command)
	}
}

func watch(ctx context.Context, connection *grpc.ClientConn, what, filter, count string) error {
	client := pb.NewLogServiceClient(connection)
	request := &pb.RequestMessage{Filter: filter}
	var receive func() (any, error)
	switch what {
	case "alerts":
		stream, err := client.WatchAlerts(ctx, request)
		if err != nil {
			return err
		}
		if _, err := stream.Header(); err != nil {
			return err
		}
		receive = func() (any, error) { return stream.Recv() }
	case "logs":
		stream, err := client.WatchLogs(ctx, request)
		if err != nil {
			return err
		}
		if _, err := stream.Header(); err != nil {
			return err
		}
		receive = func() (any, error) { return stream.Recv() }
	default:
		stream, err := client.WatchMessages(ctx, request)
		if err != nil {
			return err
		}
		if _, err := stream.Header(); err != nil {
			return err
		}
		receive = func() (any, error) { return stream.Recv() }
	}
	fmt.Fprintln(os.Stderr, "watching")
	limit, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	for range limit {
		message, err := receive()
		if err := printOr(message, err); err != nil {
			return err
		}
	}
	return nil
}

func getState(ctx context.Context, connection *grpc.ClientConn) error {
	stream, err := pb.NewStateAgentClient(connection).GetState(ctx, &emptypb.Empty{})
	if err != nil {
		return err
	}
	state, err := stream.Recv()
	if err != nil {
		return err
	}
	for _, event := range state.StateEvents {
		printState(event)
	}
	return nil
}

func watchState(ctx context.Context, connection *grpc.ClientConn, count string) error {
	limit, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	stream, err := pb.NewStateAgentClient(connection).WatchState(ctx, &emptypb.Empty{})
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "watching")
	for range limit {
		event, err := stream.Recv()
		if err != nil {
			return err
		}
		printState(event)
	}
	return nil
}

func printState(event *pb.StateEvent) {
	fmt.Println(event.Type, event.Kind, event.Name, string(event.Object))
}

func push(ctx context.Context, connection *grpc.ClientConn, command, event, file string) error {
	object, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	data, err := json.Marshal(map[string]any{"type": event, "object": json.RawMessage(object)})
	if err != nil {
		return err
	}
	client := pb.NewPolicyServiceClient(connection)
	request := &pb.Policy{Policy: data}
	if command == "host-policy" {
		response, err := client.HostPolicy(ctx, request)
		return printStatus(response, err)
	}
	response, err := client.ContainerPolicy(ctx, request)
	return printStatus(response, err)
}

func printStatus(response *pb.Response, err error) error {
	if err != nil {
		return err
	}
	fmt.Println(response.Status)
	return nil
}

func printOr(message any, err error) error {
	if err != nil {
		return err
	}
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	fmt.Println(string(text))
	return nil
}
