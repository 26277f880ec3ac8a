// SPDX-License-Identifier: Apache-2.0

// forward LISTEN TARGET: copies TCP connections. The API server listens on
// loopback only; through this the node's pods reach it.
package main

import (
	"io"
	"log"
	"net"
	"os"
)

func pipe(to, from *net.TCPConn, done chan<- struct{}) {
	io.Copy(to, from)
	to.CloseWrite()
	done <- struct{}{}
}

func main() {
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for {
		in, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			defer in.Close()
			out, err := net.Dial("tcp", os.Args[2])
			if err != nil {
				return
			}
			defer out.Close()
			done := make(chan struct{}, 2)
			go pipe(out.(*net.TCPConn), in.(*net.TCPConn), done)
			go pipe(in.(*net.TCPConn), out.(*net.TCPConn), done)
			<-done
			<-done
		}()
	}
}
