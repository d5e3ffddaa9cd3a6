// An echo with a goroutine for each connection. usage: echo PORT stream|once [CERTIFICATE KEY]
package main

import (
	"crypto/tls"
	"log"
	"net"
	"os"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if len(os.Args) > 4 {
		pair, err := tls.LoadX509KeyPair(os.Args[3], os.Args[4])
		if err != nil {
			log.Fatal(err)
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}})
	}
	serve := stream
	if os.Args[2] == "once" {
		serve = once
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(connection)
	}
}

func stream(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, 32*1024)
	for {
		n, err := connection.Read(buffer)
		if n > 0 {
			if _, failed := connection.Write(buffer[:n]); failed != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func once(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, 100)
	if n, err := connection.Read(buffer); err == nil {
		connection.Write(buffer[:n])
	}
}
